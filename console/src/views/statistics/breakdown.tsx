import { useState } from "preact/hooks";
import { OTHER } from "../../api/types";
import { formatNumber, formatPercent } from "../../format";
import { Failure } from "../../parts/failure";
import { revealText } from "../../parts/characters";
import { Link } from "../../parts/link";
import { Untrusted } from "../../parts/untrusted";
import { useConsole } from "../../state/context";
import type { FilterName } from "../../state/filters";
import { texts } from "../../texts";
import { splitFilters } from "./period";

export interface Row {
  readonly name: string;
  readonly count: number;
  /** How many of them failed, if that is known. */
  readonly failed?: number;
  /** Whether there may be more than `count`. */
  readonly isLeast?: boolean;
}

interface Props {
  readonly title: string;
  /** The trail's filter that a bar sets. */
  readonly filter: FilterName;
  readonly rows: readonly Row[];
  readonly total: number;
  /** Said above the bars. */
  readonly note?: string;
  /** Whether there may be more rows than these. */
  readonly isPartial?: boolean;
  /** Why numbers are missing, if they could not be loaded. */
  readonly error?: unknown;
  readonly onRetry?: () => void;
}

const FIRST = 10;
const MORE = 50;

/** Bars, most first, each a link to its events in the trail. */
export function Breakdown({ title, filter, rows, total, note, isPartial = false, error = null, onRetry }: Props) {
  const [shown, setShown] = useState(FIRST);
  const visible = rows.slice(0, shown);
  const most = Math.max(...rows.map(({ count }) => count), 1);
  const rest = rows.length - visible.length;
  return (
    <section class="breakdown">
      <h2 class="breakdown-title">
        {title} <span class="breakdown-count">{formatLeast(rows.length, isPartial)}</span>
      </h2>
      {note && (
        <p class="breakdown-note" aria-live="polite">
          {note}
        </p>
      )}
      {error !== null && <Failure error={error} {...(onRetry && { retry: onRetry })} />}
      <ol class="breakdown-rows">
        {visible.map((row) => (
          <li key={row.name}>
            <RowLink row={row} filter={filter} most={most} total={total} />
          </li>
        ))}
      </ol>
      {rest > 0 && (
        <button type="button" class="button" onClick={() => setShown(shown + MORE)}>
          {texts.statistics.more(formatNumber(Math.min(rest, MORE)), formatNumber(rest))}
        </button>
      )}
      {visible.some(({ name }) => name === OTHER) && <p class="breakdown-note">{texts.statistics.other}</p>}
    </section>
  );
}

const formatLeast = (count: number, isLeast: boolean) =>
  isLeast ? texts.statistics.atLeast(formatNumber(count)) : formatNumber(count);

interface RowProps {
  readonly row: Row;
  readonly filter: FilterName;
  readonly most: number;
  readonly total: number;
}

function RowLink({ row: { name, count, failed, isLeast = false }, filter, most, total }: RowProps) {
  const { navigation } = useConsole();
  const known = splitFilters(navigation.place.value.filters).known;
  const content = (
    <>
      <span class="breakdown-name" title={revealText(name)}>
        <Untrusted text={name} line />
      </span>
      <span class="breakdown-track" aria-hidden="true">
        <span class="breakdown-bar" style={{ width: `${(100 * (count - (failed ?? 0))) / most}%` }} />
        {failed ? <span class="breakdown-bar breakdown-failed" style={{ width: `${(100 * failed) / most}%` }} /> : null}
      </span>
      <span class="breakdown-number">{formatLeast(count, isLeast)}</span>
      <span class="breakdown-share">{isLeast ? "" : formatPercent((100 * count) / total)}</span>
      {failed ? (
        <span class="breakdown-failures">
          {texts.statistics.failedOf(formatNumber(failed), formatPercent((100 * (count - failed)) / count))}
        </span>
      ) : null}
    </>
  );
  if (name === OTHER) return <span class="breakdown-row">{content}</span>;
  return (
    <Link class="breakdown-row" to={{ view: "trail", filters: { ...known, [filter]: name } }}>
      {content}
    </Link>
  );
}
