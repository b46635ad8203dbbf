import type { Query } from "../../api/client";
import type { Interval, Statistics } from "../../api/types";
import { DAY_MS, HOUR_MS } from "../../durations";
import { PRESETS, STATISTICS_FILTERS, type FilterName, type Filters, type Range } from "../../state/filters";

/** As the API limits a series: 31 days by hour, 3,660 days by day. */
const MAX_HOURS = 744;
const MAX_DAYS = 3_660;
/** Up to this length a series by hour is the better one to look at. */
const HOURLY_MS = 3 * DAY_MS;

/** A period in milliseconds since 1970, both ends included. */
export interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

/** Returns the whole hours that a range covers, as the API counts them. All time is the ten years up to now. */
export function getPeriod(range: Range, nowMs: number): Period {
  switch (range.kind) {
    case "preset":
      return widen(nowMs - PRESETS[range.preset] * HOUR_MS, nowMs);
    case "fixed":
      return widen(Date.parse(range.start), Date.parse(range.end) - 1);
    case "all":
      return widen((Math.floor(nowMs / DAY_MS) - (MAX_DAYS - 1)) * DAY_MS, nowMs);
  }
}

function widen(startMs: number, endMs: number): Period {
  const end = Math.max(endMs, startMs);
  return {
    startMs: Math.floor(startMs / HOUR_MS) * HOUR_MS,
    endMs: (Math.floor(end / HOUR_MS) + 1) * HOUR_MS - 1,
  };
}

/** Returns the period of the same length before this one, or null if it would begin before 1970. */
export function getPeriodBefore({ startMs, endMs }: Period): Period | null {
  const before = { startMs: 2 * startMs - endMs - 1, endMs: startMs - 1 };
  return before.startMs < 0 ? null : before;
}

/** Returns the intervals by which the API can count a period, the better one first. */
export function listIntervals({ startMs, endMs }: Period): readonly Interval[] {
  const hours = (endMs + 1 - startMs) / HOUR_MS;
  if (hours > MAX_HOURS) return ["day"];
  if (hours <= 24) return ["hour"];
  return hours * HOUR_MS <= HOURLY_MS + HOUR_MS ? ["hour", "day"] : ["day", "hour"];
}

/** Returns those of the filters that the statistics know, and the names of the others. */
export function splitFilters(filters: Filters): { known: Filters; ignored: readonly FilterName[] } {
  const names = Object.keys(filters) as FilterName[];
  const known = names.filter((name) => STATISTICS_FILTERS.includes(name));
  return {
    known: Object.fromEntries(known.map((name) => [name, filters[name]])),
    ignored: names.filter((name) => !known.includes(name)),
  };
}

/** Returns the API's parameters to count a period. */
export function getStatisticsQuery(tenantId: string, filters: Filters, period: Period): Query {
  return {
    tenantId: tenantId || undefined,
    ...splitFilters(filters).known,
    startDate: new Date(period.startMs).toISOString(),
    endDate: new Date(period.endMs).toISOString(),
  };
}

/** Returns the period that a response counts. */
export function getCountedPeriod({ startDate, endDate }: Statistics): Period {
  return { startMs: Date.parse(startDate), endMs: Date.parse(endDate) };
}

/** How a number stands against the one before. `change` is a share: 0.5 is half as much again. */
export type Trend =
  | { readonly kind: "same" }
  | { readonly kind: "more" | "fewer"; readonly difference: number };

export function compare(before: number, now: number): Trend {
  if (before === now) return { kind: "same" };
  return { kind: now > before ? "more" : "fewer", difference: now - before };
}
