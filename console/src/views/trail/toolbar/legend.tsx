import type { Filters } from "../../../state/filters";
import { texts } from "../../../texts";
import { describeDays, describeSpan, formatCount } from "./labels";
import { listIgnored } from "./rules";
import type { Bar, summarize } from "./series";

interface Props {
  /** Absent while the first counts load. */
  readonly summary: ReturnType<typeof summarize> | null;
  /** The bar below the pointer: its numbers in place of all. */
  readonly hovered: Bar | null;
  readonly isByDay: boolean;
  readonly intervals: number;
  readonly filters: Filters;
  /** Absent if there is nothing to go back to. */
  readonly onBack: (() => void) | null;
}

/** The numbers of the histogram in words: what its bars mean, and which filters it does not follow. */
export function Legend({ summary, hovered, isByDay, intervals, filters, onBack }: Props) {
  const shown = hovered ?? summary;
  const ignored = listIgnored(filters).map((name) => texts.filters.names[name]);
  return (
    <p class="toolbar-histogram-legend">
      {shown === null ? (
        <span>{texts.histogram.loading}</span>
      ) : (
        <>
          <span class="toolbar-histogram-events">
            {hovered ? describeBar(hovered, isByDay) : countEvents(shown.successful + shown.failed)}
          </span>
          <span class="toolbar-histogram-key toolbar-histogram-key-successful">
            {texts.histogram.succeeded(formatCount(shown.successful))}
          </span>
          <span class="toolbar-histogram-key toolbar-histogram-key-failed">
            {texts.histogram.failed(formatCount(shown.failed))}
          </span>
          {!hovered && (
            <span class="toolbar-histogram-quiet">{texts.histogram.interval[isByDay ? "day" : "hour"](intervals)}</span>
          )}
        </>
      )}
      {summary && <span class="toolbar-hidden">{describeSummary(summary, isByDay)}</span>}
      {ignored.length > 0 && (
        <span class="toolbar-histogram-ignored">{texts.histogram.ignores(ignored.join(", "))}</span>
      )}
      {onBack && (
        <button type="button" class="toolbar-button-quiet" onClick={onBack}>
          {texts.histogram.back}
        </button>
      )}
    </p>
  );
}

function countEvents(count: number): string {
  return count === 1 ? texts.histogram.oneEvent : texts.histogram.events(formatCount(count));
}

function describeBar(bar: Bar, isByDay: boolean): string {
  return isByDay ? describeDays(bar.startMs, bar.endMs) : describeSpan(bar.startMs, bar.endMs);
}

function describeSummary({ busiest }: ReturnType<typeof summarize>, isByDay: boolean): string {
  if (busiest === null) return texts.histogram.empty;
  const count = countEvents(busiest.successful + busiest.failed);
  return `${texts.histogram.busiest(describeBar(busiest, isByDay), count)} ${texts.histogram.help}`;
}

interface TableProps {
  readonly bars: readonly Bar[];
  readonly isByDay: boolean;
}

/** The bars as a table for those who do not see them, without the empty ones. */
export function BarTable({ bars, isByDay }: TableProps) {
  const { table } = texts.histogram;
  const rows = bars.filter((bar) => bar.successful + bar.failed > 0);
  if (rows.length === 0) return null;
  return (
    <div class="toolbar-hidden">
      <table>
        <caption>{table.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{table.start}</th>
            <th scope="col">{table.succeeded}</th>
            <th scope="col">{table.failed}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((bar) => (
            <tr key={bar.startMs}>
              <th scope="row">{describeBar(bar, isByDay)}</th>
              <td>{formatCount(bar.successful)}</td>
              <td>{formatCount(bar.failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
