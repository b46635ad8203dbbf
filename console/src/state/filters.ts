import type { Query } from "../api/client";
import { HOUR_MS } from "../durations";

/** The filters of the API, as its parameters are called. */
export const FILTER_NAMES = [
  "userId",
  "action",
  "resourceType",
  "resourceId",
  "success",
  "actorType",
  "requestId",
  "sessionId",
  "traceId",
  "ipAddress",
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** Those of them that the statistics know. */
export const STATISTICS_FILTERS: readonly FilterName[] = ["userId", "action", "resourceType"];

export type Filters = Readonly<Partial<Record<FilterName, string>>>;

/** Ranges that move with the clock, in hours. */
export const PRESETS = { "1h": 1, "24h": 24, "7d": 168, "30d": 720, "90d": 2160 } as const;
export type Preset = keyof typeof PRESETS;

/** A range of time: one that moves, all of it, or two instants in ISO 8601 (the end excluded). */
export type Range =
  | { readonly kind: "preset"; readonly preset: Preset }
  | { readonly kind: "all" }
  | { readonly kind: "fixed"; readonly start: string; readonly end: string };

export const DEFAULT_RANGE: Range = { kind: "preset", preset: "30d" };

/** Returns the API's parameters for a range, whose end is included there; it is absent while the range is open. */
export function getRangeQuery(range: Range, nowMs: number): { startDate?: string; endDate?: string } {
  switch (range.kind) {
    case "all":
      return {};
    case "fixed":
      return { startDate: range.start, endDate: new Date(Date.parse(range.end) - 1).toISOString() };
    case "preset":
      return { startDate: new Date(nowMs - PRESETS[range.preset] * HOUR_MS).toISOString() };
  }
}

/** Returns the API's parameters for a tenant, filters and a range. */
export function getQuery(tenantId: string, filters: Filters, range: Range, nowMs: number): Query {
  return { tenantId: tenantId || undefined, ...filters, ...getRangeQuery(range, nowMs) };
}
