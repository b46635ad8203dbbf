import { batch, signal, type ReadonlySignal } from "@preact/signals";
import type { Api, Query } from "../api/client";
import type { TrailItem } from "../api/types";
import { getQuery, type Filters, type Range } from "./filters";
import { decodeTime, findPosition } from "./ids";

/** Which events a trail has. */
export interface TrailQuery {
  readonly tenantId: string;
  readonly filters: Filters;
  readonly range: Range;
}

/**
 * What a trail does:
 * `loading`: a page is on its way. `ready`: more pages follow. `ended`: there are no older events.
 * `paused`: many pages in a row were not full, so it waits to be asked to go on. `failed`: the last
 * page could not be read; what was loaded stays.
 */
export type TrailStatus =
  | { readonly kind: "loading" }
  | { readonly kind: "ready" }
  | { readonly kind: "ended" }
  | { readonly kind: "paused" }
  | { readonly kind: "failed"; readonly error: unknown };

/** The events of one query, newest first, joined from pages. Each event is in it once. */
export interface Trail {
  /** In descending order of ids, which is the order of time. */
  readonly items: ReadonlySignal<readonly TrailItem[]>;
  readonly status: ReadonlySignal<TrailStatus>;
  /** How many pages in a row spent their budget before they were full. */
  readonly partialPages: ReadonlySignal<number>;
  /** Ids of the events that arrived later than the list was loaded, since they were last seen. */
  readonly fresh: ReadonlySignal<ReadonlySet<string>>;
  /** Load the next page, unless one is on its way. Also after `paused` and `failed`. */
  loadMore(): void;
  /** Forget everything and load the first page. */
  reload(): void;
  /** Take the fresh events as seen: the next arrival replaces them. */
  acknowledge(): void;
  /**
   * Look once for events that arrived; `isWide` looks for later ones. See `LiveReader`.
   * Rejects with `ApiError`, or with the signal's reason.
   */
  poll(isWide: boolean, signal: AbortSignal): Promise<void>;
  /** End all requests. */
  dispose(): void;
}

export const FIRST_LIMIT = 100;
export const NEXT_LIMIT = 250;
/** Pages in a row that are not full, before the reader is asked. */
export const MAX_PARTIAL_PAGES = 20;

/** How late after its own time an event may arrive and still be found by each poll. */
export const OVERLAP_MS = 60_000;
/** The same for the wide polls. */
export const WIDE_OVERLAP_MS = 15 * 60_000;
const POLL_LIMIT = 200;
const WIDE_LIMIT = 1_000;
/** Most events and pages that a poll reads. If it meets no known event by then, the list is loaded again. */
const MAX_POLL_EVENTS = 5_000;
const MAX_POLL_PAGES = 50;

const LOADING: TrailStatus = { kind: "loading" };

/** Returns a trail that is not loaded yet: call `reload`. */
export function makeTrail(api: Api, query: TrailQuery, getNow: () => number = Date.now): Trail {
  return new TrailStore(api, query, getNow);
}

class TrailStore implements Trail {
  readonly items = signal<readonly TrailItem[]>([]);
  readonly status = signal<TrailStatus>(LOADING);
  readonly partialPages = signal(0);
  readonly fresh = signal<ReadonlySet<string>>(new Set());
  private known = new Set<string>();
  /** Arrived, but older than what is loaded: the pages in between come first. */
  private older: TrailItem[] = [];
  private isAcknowledged = true;
  private cursor: string | null = null;
  private request: Query = {};
  private polledMs = 0;
  private running = new AbortController();

  constructor(
    private readonly api: Api,
    private readonly query: TrailQuery,
    private readonly getNow: () => number,
  ) {}

  reload(): void {
    this.dispose();
    this.running = new AbortController();
    this.polledMs = this.getNow();
    const { tenantId, filters, range } = this.query;
    this.request = getQuery(tenantId, filters, range, this.polledMs);
    this.cursor = null;
    this.known.clear();
    this.older = [];
    batch(() => {
      this.items.value = [];
      this.fresh.value = new Set();
      this.status.value = LOADING;
    });
    void this.load(FIRST_LIMIT);
  }

  loadMore(): void {
    const { kind } = this.status.peek();
    if (kind === "loading" || kind === "ended") return;
    this.status.value = LOADING;
    void this.load(this.cursor === null ? FIRST_LIMIT : NEXT_LIMIT);
  }

  acknowledge(): void {
    this.isAcknowledged = true;
  }

  dispose(): void {
    this.running.abort();
  }

  /** Read pages until `wanted` events are there, the trail ends, or too many pages are not full. */
  private async load(wanted: number): Promise<void> {
    const { signal: aborted } = this.running;
    this.partialPages.value = 0;
    try {
      for (let left = wanted; left > 0; ) {
        const page = await this.api.listEvents(this.getPageQuery(left), aborted);
        if (aborted.aborted) return;
        const isPartial = page.nextCursor !== null && page.items.length < left;
        left -= page.items.length;
        this.cursor = page.nextCursor;
        batch(() => {
          this.append(page.items);
          if (isPartial) this.partialPages.value += 1;
          this.status.value = this.getStatus(left);
        });
        if (this.status.peek().kind !== "loading") return;
      }
    } catch (error) {
      if (!aborted.aborted) this.status.value = { kind: "failed", error };
    }
  }

  private getPageQuery(limit: number): Query {
    return { ...this.request, limit, ...(this.cursor === null ? {} : { cursor: this.cursor }) };
  }

  private getStatus(left: number): TrailStatus {
    if (this.cursor === null) return { kind: "ended" };
    if (left <= 0) return { kind: "ready" };
    return this.partialPages.peek() < MAX_PARTIAL_PAGES ? LOADING : { kind: "paused" };
  }

  private append(page: readonly TrailItem[]): void {
    const added = page.filter((item) => !this.known.has(item.id));
    for (const item of added) this.known.add(item.id);
    const last = this.cursor === null ? "" : (page.at(-1)?.id ?? "~");
    const reached = this.older.filter((item) => item.id > last);
    if (reached.length > 0) this.older = this.older.filter((item) => item.id <= last);
    const joined = added.length > 0 ? [...this.items.peek(), ...added] : this.items.peek();
    this.items.value = mergeItems(joined, reached);
  }

  async poll(isWide: boolean, stop: AbortSignal): Promise<void> {
    if (this.items.peek().length === 0 && this.status.peek().kind !== "ended") return;
    const aborted = AbortSignal.any([stop, this.running.signal]);
    const startedMs = this.getNow();
    const arrived = await this.readArrived(isWide, aborted);
    aborted.throwIfAborted();
    this.polledMs = startedMs;
    if (arrived === "tooMany") this.reload();
    else if (arrived.length > 0) this.receive(arrived);
  }

  private async readArrived(isWide: boolean, aborted: AbortSignal): Promise<TrailItem[] | "tooMany"> {
    const { request } = this;
    const startDate = new Date(this.getPollStart(isWide)).toISOString();
    const limit = isWide ? WIDE_LIMIT : POLL_LIMIT;
    const arrived: TrailItem[] = [];
    let cursor: string | null = null;
    for (let pages = 0, seen = 0; pages < MAX_POLL_PAGES; pages += 1) {
      const query: Query = { ...request, startDate, limit, ...(cursor === null ? {} : { cursor }) };
      const page = await this.api.listEvents(query, aborted);
      const added = page.items.filter((item) => !this.known.has(item.id));
      arrived.push(...added);
      seen += page.items.length;
      cursor = page.nextCursor;
      if (cursor === null) return arrived;
      if (!isWide && page.items.length > 0 && added.length === 0) return arrived;
      if (seen >= MAX_POLL_EVENTS) return added.length < page.items.length ? arrived : "tooMany";
    }
    return "tooMany";
  }

  /** Returns from when to read again: as far back as something may have arrived since the last poll. */
  private getPollStart(isWide: boolean): number {
    const newest = decodeTime(this.items.peek()[0]?.id ?? "");
    const known = Number.isNaN(newest) ? this.polledMs : Math.min(newest, this.polledMs);
    const startMs = known - (isWide ? WIDE_OVERLAP_MS : OVERLAP_MS);
    const first = Date.parse(String(this.request["startDate"] ?? ""));
    return Math.max(startMs, Number.isNaN(first) ? 0 : first);
  }

  private receive(read: readonly TrailItem[]): void {
    const arrived = read.filter((item) => !this.known.has(item.id));
    const last = this.status.peek().kind === "ended" ? "" : (this.items.peek().at(-1)?.id ?? "");
    const shown = arrived.filter((item) => item.id > last);
    for (const item of arrived) this.known.add(item.id);
    this.older.push(...arrived.filter((item) => item.id <= last));
    if (shown.length === 0) return;
    const before = this.isAcknowledged ? [] : this.fresh.peek();
    this.isAcknowledged = false;
    batch(() => {
      this.fresh.value = new Set([...before, ...shown.map((item) => item.id)]);
      this.items.value = mergeItems(this.items.peek(), shown);
    });
  }
}

/** Returns both in descending order of ids. `items` are in this order already. */
export function mergeItems(
  items: readonly TrailItem[],
  added: readonly TrailItem[],
): readonly TrailItem[] {
  if (added.length === 0) return items;
  const sorted = [...added].sort((a, b) => (a.id < b.id ? 1 : -1));
  const parts: (readonly TrailItem[])[] = [];
  let from = 0;
  for (const item of sorted) {
    const position = findPosition(items, item.id);
    parts.push(items.slice(from, position), [item]);
    from = position;
  }
  parts.push(items.slice(from));
  return parts.flat();
}
