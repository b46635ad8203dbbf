import { useMemo } from "preact/hooks";
import type { Interval, Statistics } from "../../api/types";
import { formatDay, formatMinute, formatNumber } from "../../format";
import { Link } from "../../parts/link";
import { getTimeZone } from "../../parts/instants";
import { Segment, Segments } from "../../parts/segments";
import { useConsole } from "../../state/context";
import type { Range } from "../../state/filters";
import { texts } from "../../texts";
import { makeBars, type Bar } from "../trail/toolbar/series";
import { Chart } from "./chart";
import { getCountedPeriod, listIntervals, splitFilters } from "./period";

const words = texts.statistics;
/** Rows of the table: the latest first. */
const MAX_ROWS = 100;

interface Props {
  readonly statistics: Statistics;
  readonly interval: Interval;
  readonly onInterval: (interval: Interval) => void;
}

/** The events over time: a chart to brush, and the same as a table. */
export function SeriesSection({ statistics, interval, onInterval }: Props) {
  const { navigation } = useConsole();
  const isOpen = navigation.place.value.range.kind === "all";
  const { bars } = useMemo(() => makeBars(statistics, interval, isOpen), [statistics, interval, isOpen]);
  const possible = listIntervals(getCountedPeriod(statistics));
  const formatStart = useStartFormat(interval);
  return (
    <section class="series" aria-label={words.series}>
      <div class="series-head">
        <h2>{words.series}</h2>
        {possible.length > 1 && (
          <Segments label={words.intervalLabel}>
            {(["hour", "day"] as const).map((name) => (
              <Segment key={name} isChosen={name === interval} onChoose={() => onInterval(name)}>
                {words.intervals[name]}
              </Segment>
            ))}
          </Segments>
        )}
      </div>
      <Chart bars={bars} isByDay={interval === "day"} formatStart={formatStart} />
      <SeriesTable bars={bars} interval={interval} />
    </section>
  );
}

/** Returns a function that writes when a bar begins: a day in UTC, or an hour as the reader's clock has it. */
function useStartFormat(interval: Interval): (ms: number) => string {
  const timeZone = getTimeZone(useConsole().preferences.value.zone);
  return (ms) => (interval === "day" ? texts.histogram.utc(formatDay(ms, "UTC")) : formatMinute(ms, timeZone));
}

function makeRange(startMs: number, endMs: number): Range {
  return { kind: "fixed", start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
}

function SeriesTable({ bars, interval }: { bars: readonly Bar[]; interval: Interval }) {
  const { navigation } = useConsole();
  const formatStart = useStartFormat(interval);
  const filters = splitFilters(navigation.place.value.filters).known;
  const busy = bars.filter(({ successful, failed }) => successful + failed > 0).reverse();
  return (
    <details class="series-table">
      <summary>{words.asTable}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.intervals[interval]}</th>
            <th scope="col">{words.total}</th>
            <th scope="col">{words.succeeded}</th>
            <th scope="col">{words.failed}</th>
          </tr>
        </thead>
        <tbody>
          {busy.slice(0, MAX_ROWS).map(({ startMs, endMs, successful, failed }) => (
            <tr key={startMs}>
              <th scope="row">
                <Link to={{ view: "trail", filters, range: makeRange(startMs, endMs) }}>
                  {formatStart(startMs)}
                </Link>
              </th>
              <td>{formatNumber(successful + failed)}</td>
              <td>{formatNumber(successful)}</td>
              <td>{formatNumber(failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {busy.length > MAX_ROWS && <p>{words.latestRows(formatNumber(MAX_ROWS), formatNumber(busy.length))}</p>}
    </details>
  );
}
