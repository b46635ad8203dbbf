import type { Zone } from "../../../parts/instants";
import type { Filters } from "../../../state/filters";
import { formatNumber } from "../../../format";
import { texts } from "../../../texts";
import { describeBar } from "./labels";
import { listIgnored } from "./rules";
import type { Bar, summarize } from "./series";

interface Props {
  /** Absent while the first counts load. */
  readonly summary: ReturnType<typeof summarize> | null;
  /** The bar that the reader points at or has chosen by keys: its numbers in place of all. */
  readonly shown: Bar | null;
  readonly isByDay: boolean;
  readonly zone: Zone;
  readonly intervals: number;
  readonly filters: Filters;
  /** Absent if there is nothing to go back to. */
  readonly onBack: (() => void) | null;
}

/** The numbers of the histogram in words: what its bars mean, and which filters it does not follow. */
export function Legend({ summary, shown, isByDay, zone, intervals, filters, onBack }: Props) {
  const ignored = listIgnored(filters).map((name) => texts.filters.names[name]);
  return (
    <p class="toolbar-histogram-legend">
      {summary === null ? (
        <span>{texts.histogram.loading}</span>
      ) : (
        <Numbers
          title={shown ? describeBar(shown, isByDay, zone) : countEvents(summary.successful + summary.failed)}
          successful={(shown ?? summary).successful}
          failed={(shown ?? summary).failed}
          note={shown ? null : texts.histogram.interval[isByDay ? "day" : "hour"](intervals)}
        />
      )}
      {summary && <span class="hidden">{describeSummary(summary, isByDay, zone)}</span>}
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

interface NumbersProps {
  readonly title: string;
  readonly successful: number;
  readonly failed: number;
  readonly note: string | null;
}

function Numbers({ title, successful, failed, note }: NumbersProps) {
  return (
    <>
      <span class="toolbar-histogram-events">{title}</span>
      <span class="toolbar-histogram-key toolbar-histogram-key-successful">
        {texts.histogram.succeeded(formatNumber(successful))}
      </span>
      <span class="toolbar-histogram-key toolbar-histogram-key-failed">
        {texts.histogram.failed(formatNumber(failed))}
      </span>
      {note !== null && <span class="toolbar-histogram-quiet">{note}</span>}
    </>
  );
}

function countEvents(count: number): string {
  return count === 1 ? texts.histogram.oneEvent : texts.histogram.events(formatNumber(count));
}

function describeSummary({ busiest }: ReturnType<typeof summarize>, isByDay: boolean, zone: Zone): string {
  if (busiest === null) return texts.histogram.empty;
  const count = countEvents(busiest.successful + busiest.failed);
  return `${texts.histogram.busiest(describeBar(busiest, isByDay, zone), count)} ${texts.histogram.help}`;
}

interface TableProps {
  readonly bars: readonly Bar[];
  readonly isByDay: boolean;
  readonly zone: Zone;
}

/** The bars as a table for those who do not see them, without the empty ones. */
export function BarTable({ bars, isByDay, zone }: TableProps) {
  const { table } = texts.histogram;
  const rows = bars.filter((bar) => bar.successful + bar.failed > 0);
  if (rows.length === 0) return null;
  return (
    <div class="hidden">
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
              <th scope="row">{describeBar(bar, isByDay, zone)}</th>
              <td>{formatNumber(bar.successful)}</td>
              <td>{formatNumber(bar.failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
