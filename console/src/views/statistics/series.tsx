import { useMemo } from "preact/hooks";
import type { Statistics } from "../../api/types";
import { formatDay, formatMinute, formatNumber } from "../../format";
import { Link } from "../../parts/link";
import { useConsole } from "../../state/context";
import type { Range } from "../../state/filters";
import { texts } from "../../texts";
import { makeBars, type Bar } from "../trail/toolbar/series";
import { Chart } from "./chart";
import { getCountedPeriod, listIntervals, splitFilters, type Interval } from "./period";

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
  return (
    <section class="series" aria-label={words.series}>
      <div class="series-head">
        <h2>{words.series}</h2>
        {possible.length > 1 && (
          <div class="toolbar-segments" role="group" aria-label={words.intervalLabel}>
            {(["hour", "day"] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === interval}
                onClick={() => onInterval(name)}
              >
                {words.intervals[name]}
              </button>
            ))}
          </div>
        )}
      </div>
      <Chart bars={bars} isByDay={interval === "day"} formatStart={(ms) => formatStart(ms, interval)} />
      <SeriesTable bars={bars} interval={interval} />
    </section>
  );
}

function formatStart(ms: number, interval: Interval): string {
  return interval === "day" ? words.utcDay(formatDay(ms, "UTC")) : formatMinute(ms);
}

function makeRange(startMs: number, endMs: number): Range {
  return { kind: "fixed", start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
}

function SeriesTable({ bars, interval }: { bars: readonly Bar[]; interval: Interval }) {
  const { navigation } = useConsole();
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
                  {formatStart(startMs, interval)}
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
