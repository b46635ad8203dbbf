import type { ComponentChildren } from "preact";
import type { Statistics } from "../../api/types";
import { formatDay, formatDifference, formatNumber, formatPercent, formatChange } from "../../format";
import { Link } from "../../parts/link";
import { useConsole } from "../../state/context";
import type { Filters } from "../../state/filters";
import { useLoad } from "../../state/load";
import { texts } from "../../texts";
import { compare, getCountedPeriod, getPeriodBefore, getStatisticsQuery, splitFilters } from "./period";

const words = texts.statistics;
const WORDS = { more: words.moreThanBefore, fewer: words.fewerThanBefore } as const;
const SIGNS = { more: "▲", fewer: "▼", same: "=" } as const;

/** The totals, each beside that of the period before. */
export function Totals({ statistics }: { statistics: Statistics }) {
  const { navigation } = useConsole();
  const { range } = navigation.place.value;
  const before = useBefore(statistics, range.kind !== "all");
  const { total, successful, failed, successRate } = statistics;
  return (
    <section class="totals" aria-label={words.totals}>
      <div class="totals-cards">
        <Card label={words.total} value={formatNumber(total)} link={{}}>
          <Change before={before.value?.total} now={total} />
        </Card>
        <Card label={words.succeeded} value={formatNumber(successful)} link={{ success: "true" }}>
          <Change before={before.value?.successful} now={successful} />
        </Card>
        <Card label={words.failed} value={formatNumber(failed)} link={{ success: "false" }}>
          <Change before={before.value?.failed} now={failed} more="bad" />
        </Card>
        <Card label={words.rate} value={total > 0 ? formatPercent(successRate) : "–"}>
          <RateChange before={before.value} now={statistics} />
        </Card>
      </div>
      <p class="totals-before" aria-live="polite">
        {before.sentence}
        {before.error !== null && (
          <button type="button" class="button" onClick={before.reload}>
            {texts.retry}
          </button>
        )}
      </p>
    </section>
  );
}

/** The statistics of the period before, and a sentence that says what is compared. */
function useBefore(statistics: Statistics, isWanted: boolean) {
  const { api, navigation } = useConsole();
  const { tenantId, filters } = navigation.place.value;
  const counted = getCountedPeriod(statistics);
  const period = isWanted ? getPeriodBefore(counted) : null;
  const key = JSON.stringify([tenantId, splitFilters(filters).known, period]);
  const loaded = useLoad(key, async (signal) => {
    if (period === null) return null;
    return { key, statistics: await api.getStatistics(getStatisticsQuery(tenantId, filters, period), signal) };
  });
  const value = loaded.value?.key === key ? loaded.value.statistics : null;
  let sentence: string;
  if (period === null) sentence = words.notCompared;
  else if (loaded.error !== null) sentence = words.beforeFailed;
  else if (value === null) sentence = texts.loading;
  else {
    sentence = words.compared(formatDay(period.startMs), formatDay(period.endMs));
    if (counted.endMs > Date.now()) sentence += ` ${words.hourRuns}`;
  }
  return { value, sentence, error: loaded.error, reload: loaded.reload };
}

interface CardProps {
  readonly label: string;
  readonly value: string;
  /** Filters of the events that were counted, if the trail can show them. */
  readonly link?: Filters;
  readonly children: ComponentChildren;
}

function Card({ label, value, link, children }: CardProps) {
  const { navigation } = useConsole();
  const known = splitFilters(navigation.place.value.filters).known;
  return (
    <div class="card">
      <h2 class="card-label">
        {link ? <Link to={{ view: "trail", filters: { ...known, ...link } }}>{label}</Link> : label}
      </h2>
      <p class="card-value">{value}</p>
      <p class="card-change">{children}</p>
    </div>
  );
}

interface ChangeProps {
  readonly before: number | undefined;
  readonly now: number;
  /** What more of them means. */
  readonly more?: "bad";
}

function Change({ before, now, more }: ChangeProps) {
  if (before === undefined) return <>&nbsp;</>;
  const trend = compare(before, now);
  const share = trend.kind === "same" ? null : formatChange(before, now);
  const mark = more === "bad" && trend.kind !== "same" ? (trend.kind === "more" ? "bad" : "good") : "none";
  return (
    <span data-mark={mark}>
      <span aria-hidden="true">{SIGNS[trend.kind]}</span>{" "}
      {trend.kind === "same" ? words.same : WORDS[trend.kind](formatNumber(Math.abs(trend.difference)), share)}
    </span>
  );
}

function RateChange({ before, now }: { before: Statistics | null; now: Statistics }) {
  if (before === null) return <>&nbsp;</>;
  if (before.total === 0 || now.total === 0) return <>{words.noRate}</>;
  const trend = compare(before.successRate, now.successRate);
  if (trend.kind === "same") return <>{`${SIGNS.same} ${words.sameRate}`}</>;
  const points = formatDifference(trend.difference, 1);
  return (
    <span data-mark={trend.kind === "more" ? "good" : "bad"}>
      <span aria-hidden="true">{SIGNS[trend.kind]}</span> {words.points(points, formatPercent(before.successRate))}
    </span>
  );
}
