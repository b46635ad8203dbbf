import type { Query } from "../../../api/client";
import type { Interval, Statistics } from "../../../api/types";
import { DAY_MS, HOUR_MS } from "../../../durations";
import { PRESETS, STATISTICS_FILTERS, type FilterName, type Filters, type Range } from "../../../state/filters";

/** Up to this span the histogram has a bar for each hour, beyond it for one day or more. */
const MAX_HOURS_SPAN_MS = 8 * DAY_MS;
/** The API's limit for a series by day. */
const MAX_DAYS = 3_660;
/** More bars than these are too thin: neighbours are merged. */
const MAX_BARS = 200;
/** The fewest bars of a histogram of everything, so that a young trail has no single wide bar. */
const MIN_BARS = 24;

/** A request for statistics. Equal keys need no second request. */
export interface StatisticsRequest {
  readonly key: string;
  readonly interval: Interval;
  readonly query: (nowMs: number) => Query;
}

/** Returns the request for a histogram of these events. */
export function planRequest(tenantId: string, filters: Filters, range: Range): StatisticsRequest {
  const names: readonly FilterName[] = STATISTICS_FILTERS;
  const known = Object.fromEntries(names.map((name) => [name, filters[name]]));
  const interval = chooseInterval(range);
  return {
    key: JSON.stringify([tenantId, known, range]),
    interval,
    query: (nowMs) => ({
      tenantId: tenantId || undefined,
      ...known,
      ...limitRange(range, interval, nowMs),
      interval,
    }),
  };
}

function chooseInterval(range: Range): Interval {
  if (range.kind === "all") return "day";
  const span =
    range.kind === "preset"
      ? PRESETS[range.preset] * HOUR_MS
      : Date.parse(range.end) - Date.parse(range.start);
  return span <= MAX_HOURS_SPAN_MS ? "hour" : "day";
}

/** Returns the dates to count between, both included: the range, or the last that a series can have. */
function limitRange(range: Range, interval: Interval, nowMs: number): Query {
  if (range.kind === "preset") {
    return { startDate: toIso(nowMs - PRESETS[range.preset] * HOUR_MS) };
  }
  const endMs = range.kind === "fixed" ? Date.parse(range.end) - 1 : nowMs;
  const earliest = Math.max(0, Math.floor(endMs / DAY_MS - (MAX_DAYS - 1)) * DAY_MS);
  const startMs = range.kind === "fixed" ? Date.parse(range.start) : earliest;
  const startDate = toIso(interval === "day" ? Math.max(startMs, earliest) : startMs);
  return range.kind === "fixed" ? { startDate, endDate: toIso(endMs) } : { startDate };
}

const toIso = (ms: number) => new Date(ms).toISOString();

/** A bar: the events from `startMs` to `endMs`, the end excluded. */
export interface Bar {
  readonly startMs: number;
  readonly endMs: number;
  readonly successful: number;
  readonly failed: number;
}

/** Returns the bars of a series: of at most `MAX_BARS`, each of `intervals` hours or days. */
export function makeBars(
  statistics: Statistics,
  interval: Interval,
  isOpenStart: boolean,
): { bars: readonly Bar[]; intervals: number } {
  const duration = interval === "hour" ? HOUR_MS : DAY_MS;
  const all = (statistics.series ?? []).map(({ start, successful, failed }) => {
    const startMs = Date.parse(start);
    return { startMs, endMs: startMs + duration, successful, failed };
  });
  const first = all.findIndex((bar) => bar.successful + bar.failed > 0);
  const skipped = isOpenStart ? Math.min(first < 0 ? all.length : first, all.length - MIN_BARS) : 0;
  const shown = all.slice(Math.max(skipped, 0));
  const intervals = Math.max(1, Math.ceil(shown.length / MAX_BARS));
  const bars: Bar[] = [];
  for (let index = 0; index < shown.length; index += intervals) {
    bars.push(mergeBars(shown.slice(index, index + intervals)));
  }
  return { bars, intervals };
}

/** Returns the bars as one, from the start of the first to the end of the last. */
export function mergeBars(bars: readonly Bar[]): Bar {
  return bars.reduce((left, right) => ({
    startMs: left.startMs,
    endMs: right.endMs,
    successful: left.successful + right.successful,
    failed: left.failed + right.failed,
  }));
}

/** Returns the range of the bars between two instants, whole bars only; null beside the bars. */
export function snapToBars(bars: readonly Bar[], fromMs: number, toMs: number): Range | null {
  const touched = bars.filter((bar) => bar.startMs <= toMs && bar.endMs > fromMs);
  const [first] = touched;
  const last = touched.at(-1);
  if (first === undefined || last === undefined) return null;
  return { kind: "fixed", start: toIso(first.startMs), end: toIso(last.endMs) };
}

/** Returns the number of events in the bars, and the busiest bar; null if all are empty. */
export function summarize(bars: readonly Bar[]) {
  let busiest: Bar | null = null;
  let successful = 0;
  let failed = 0;
  for (const bar of bars) {
    successful += bar.successful;
    failed += bar.failed;
    const count = bar.successful + bar.failed;
    if (count > (busiest ? busiest.successful + busiest.failed : 0)) busiest = bar;
  }
  return { successful, failed, busiest };
}

/** Returns the bars as a reader filtered them by outcome: the statistics count both. */
export function selectOutcome(bars: readonly Bar[], success: string | undefined): readonly Bar[] {
  if (success === undefined) return bars;
  return bars.map((bar) => (success === "true" ? { ...bar, failed: 0 } : { ...bar, successful: 0 }));
}
