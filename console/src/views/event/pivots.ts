import type { Api } from "../../api/client";
import type { EventPage, StoredEvent } from "../../api/types";
import { DAY_MS, HOUR_MS } from "../../durations";
import { readMasks } from "../../state/masks";
import { getRangeQuery, type Filters, type Range } from "../../state/filters";

export const PIVOT_NAMES = [
  "user",
  "actorType",
  "behalf",
  "resource",
  "address",
  "session",
  "request",
  "trace",
] as const;
export type PivotName = (typeof PIVOT_NAMES)[number];

/** A way from an event to others that share something with it. */
export interface Pivot {
  readonly name: PivotName;
  readonly filters: Filters;
  readonly range: Range;
}

/** Events counted: at least so many if `hasMore`. */
export interface Count {
  readonly count: number;
  readonly hasMore: boolean;
}

export const MAX_COUNT = 20;
const KEPT_MS = 60_000;
const ALL: Range = { kind: "all" };

/**
 * Returns the pivots of an event. The store has an index for users and resources; for the others it reads all events
 * of the range, so that theirs is the time around the event. A masked address has no pivot: it is a network.
 */
export function listPivots(event: StoredEvent): readonly Pivot[] {
  const { userId, actorType, onBehalfOf, resourceType, resourceId } = event;
  const { requestId, sessionId, traceId, ipAddress } = event;
  const around = (ms: number) => makeRange(Date.parse(event.timestamp), ms);
  const pivots: Pivot[] = [];
  if (userId) pivots.push({ name: "user", filters: { userId }, range: ALL });
  if (onBehalfOf) pivots.push({ name: "behalf", filters: { userId: onBehalfOf.userId }, range: ALL });
  pivots.push({ name: "resource", filters: { resourceType, resourceId }, range: ALL });
  if (requestId) pivots.push({ name: "request", filters: { requestId }, range: around(HOUR_MS) });
  if (sessionId) pivots.push({ name: "session", filters: { sessionId }, range: around(DAY_MS) });
  const isWhole = ipAddress && !readMasks(event).has("/ipAddress", ipAddress);
  if (isWhole) pivots.push({ name: "address", filters: { ipAddress }, range: around(DAY_MS) });
  if (traceId) pivots.push({ name: "trace", filters: { traceId }, range: around(HOUR_MS) });
  if (actorType) pivots.push({ name: "actorType", filters: { actorType }, range: around(HOUR_MS) });
  return pivots;
}

function makeRange(timeMs: number, marginMs: number): Range {
  const format = (ms: number) => new Date(Math.max(ms, 0)).toISOString();
  return { kind: "fixed", start: format(timeMs - marginMs), end: format(timeMs + marginMs) };
}

export function countPage(page: EventPage): Count {
  const count = Math.min(page.items.length, MAX_COUNT);
  return { count, hasMore: page.items.length > MAX_COUNT || page.nextCursor !== null };
}

interface Kept {
  readonly atMs: number;
  readonly count: Promise<Count>;
}

const keptCounts = new WeakMap<Api, Map<string, Kept>>();

/** Returns how many events a pivot leads to. The count is kept for a minute. */
export function countPivot(api: Api, tenantId: string, pivot: Pivot, nowMs: number): Promise<Count> {
  const counts = keptCounts.get(api) ?? new Map<string, Kept>();
  keptCounts.set(api, counts);
  const query = { tenantId: tenantId || undefined, ...pivot.filters, ...getRangeQuery(pivot.range, nowMs) };
  const key = JSON.stringify(query);
  const kept = counts.get(key);
  if (kept && nowMs - kept.atMs < KEPT_MS) return kept.count;
  for (const [each, { atMs }] of counts) if (nowMs - atMs >= KEPT_MS) counts.delete(each);
  const count = api.listEvents({ ...query, limit: MAX_COUNT + 1 }).then(countPage);
  counts.set(key, { atMs: nowMs, count });
  count.catch(() => counts.delete(key));
  return count;
}
