import { describe, expect, it } from "vitest";
import { ApiError, type Api, type Query } from "../src/api/client";
import type { EventPage, TrailItem } from "../src/api/types";
import { START } from "../src/state/navigation";
import { decodeTime, findIndex } from "../src/state/ids";
import { makeTrail, MAX_PARTIAL_PAGES, mergeItems, type Trail } from "../src/state/trail";

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const NOW = Date.parse("2026-11-24T08:00:00Z");

/** Returns the id of the n-th event of a test, at this many seconds before now. */
function makeId(secondsAgo: number, n = 0): string {
  let time = NOW - secondsAgo * 1_000;
  let text = "";
  for (let i = 0; i < 10; i += 1) {
    text = (DIGITS[time % 32] ?? "") + text;
    time = Math.floor(time / 32);
  }
  return text + String(n).padStart(16, "0");
}

const makeItem = (id: string): TrailItem => ({ id, unreadable: "a test" });

/** A store like the API's: pages by a cursor (the last id), a range, and what a page may read. */
class FakeStore {
  readonly ids: string[] = [];
  readonly queries: Query[] = [];
  budget = Infinity;
  error: Error | null = null;

  readonly api = {
    listEvents: async (query: Query, signal?: AbortSignal): Promise<EventPage> => {
      this.queries.push(query);
      await Promise.resolve();
      signal?.throwIfAborted();
      if (this.error) throw this.error;
      const start = Date.parse(String(query["startDate"] ?? "1970-01-01"));
      const before = String(query["cursor"] ?? "~");
      const rest = this.ids
        .filter((id) => id < before && decodeTime(id) >= start)
        .sort()
        .reverse();
      const page = rest.slice(0, Math.min(Number(query["limit"]), this.budget));
      const nextCursor = page.length < rest.length ? (page.at(-1) ?? null) : null;
      return { items: page.map(makeItem), nextCursor };
    },
  } as unknown as Api;

  add(...ids: string[]): void {
    this.ids.push(...ids);
  }

  open(now = () => NOW): Trail {
    const trail = makeTrail(this.api, { ...START, range: { kind: "all" } }, now);
    trail.reload();
    return trail;
  }
}

const idsOf = (trail: Trail) => trail.items.value.map((item) => item.id);
const settle = () => new Promise((resolve) => setTimeout(resolve));
const never = new AbortController().signal;

async function readToTheEnd(trail: Trail, onPage: () => void = () => {}): Promise<void> {
  for (let steps = 0; trail.status.value.kind !== "ended" && steps < 1_000; steps += 1) {
    await settle();
    onPage();
    trail.loadMore();
  }
}

describe("a trail", () => {
  it("joins pages without a gap or a repeat while more arrive", async () => {
    const store = new FakeStore();
    for (let n = 0; n < 2_000; n += 1) store.add(makeId(100 + n));
    const before = [...store.ids].sort().reverse();
    const trail = store.open();
    let arrived = 0;
    await readToTheEnd(trail, () => store.add(makeId(50, (arrived += 1))));
    expect(idsOf(trail)).toEqual(before);
  });

  it("follows pages that spent their budget", async () => {
    const store = new FakeStore();
    store.budget = 3;
    for (let n = 0; n < 10; n += 1) store.add(makeId(n));
    const trail = store.open();
    await settle();
    expect(idsOf(trail)).toHaveLength(10);
    expect(trail.partialPages.value).toBe(3);
  });

  it("asks before it follows very many", async () => {
    const store = new FakeStore();
    store.budget = 1;
    for (let n = 0; n < 2 * MAX_PARTIAL_PAGES; n += 1) store.add(makeId(n));
    const trail = store.open();
    await settle();
    expect(trail.status.value.kind).toBe("paused");
    expect(store.queries).toHaveLength(MAX_PARTIAL_PAGES);
    trail.loadMore();
    await settle();
    expect(idsOf(trail)).toHaveLength(2 * MAX_PARTIAL_PAGES);
  });

  it("keeps what is loaded when a page fails, and goes on where it stopped", async () => {
    const store = new FakeStore();
    for (let n = 0; n < 300; n += 1) store.add(makeId(n));
    const trail = store.open();
    await settle();
    store.error = new ApiError("unavailable", "busy");
    trail.loadMore();
    await settle();
    expect(trail.status.value).toEqual({ kind: "failed", error: store.error });
    expect(idsOf(trail)).toHaveLength(100);
    store.error = null;
    await readToTheEnd(trail);
    expect(idsOf(trail)).toEqual([...store.ids].sort().reverse());
  });

  it("ends its requests when it is disposed", async () => {
    const store = new FakeStore();
    store.add(makeId(1));
    const trail = store.open();
    trail.dispose();
    await settle();
    expect(idsOf(trail)).toEqual([]);
  });
});

describe("live mode", () => {
  it("adds what arrived, also late and into the middle", async () => {
    const store = new FakeStore();
    store.add(makeId(10), makeId(30));
    const trail = store.open();
    await settle();
    store.add(makeId(5), makeId(20));
    await trail.poll(false, never);
    expect(idsOf(trail)).toEqual([makeId(5), makeId(10), makeId(20), makeId(30)]);
    expect([...trail.fresh.value].sort()).toEqual([makeId(20), makeId(5)].sort());
    await trail.poll(false, never);
    expect(idsOf(trail)).toHaveLength(4);
  });

  it("counts until what came was seen", async () => {
    const store = new FakeStore();
    store.add(makeId(100));
    const trail = store.open();
    await settle();
    for (const n of [9, 8]) {
      store.add(makeId(n));
      await trail.poll(false, never);
    }
    expect(trail.fresh.value.size).toBe(2);
    trail.acknowledge();
    store.add(makeId(7));
    await trail.poll(false, never);
    expect([...trail.fresh.value]).toEqual([makeId(7)]);
  });

  it("finds an event that is 10 minutes late with a wide poll only", async () => {
    const store = new FakeStore();
    store.add(makeId(0), makeId(2_000));
    const trail = store.open();
    await settle();
    store.add(makeId(600));
    await trail.poll(false, never);
    expect(idsOf(trail)).not.toContain(makeId(600));
    await trail.poll(true, never);
    expect(idsOf(trail)).toContain(makeId(600));
  });

  it("shows a late event that is older than what is loaded once, in its place", async () => {
    const store = new FakeStore();
    for (let n = 0; n < 250; n += 1) store.add(makeId(n));
    const trail = store.open();
    await settle();
    expect(idsOf(trail)).toHaveLength(100);
    store.add(makeId(150, 1));
    await trail.poll(true, never);
    expect(idsOf(trail)).toHaveLength(100);
    await readToTheEnd(trail);
    expect(idsOf(trail)).toEqual([...store.ids].sort().reverse());
  });

  it("fills the gap that a hidden tab left", async () => {
    const store = new FakeStore();
    store.add(makeId(7_200));
    let now = NOW - 7_000_000;
    const trail = store.open(() => now);
    await settle();
    for (let n = 0; n < 3_000; n += 1) store.add(makeId(6_000 - n));
    now = NOW;
    await trail.poll(true, never);
    expect(idsOf(trail)).toHaveLength(3_001);
  });

  it("loads the list again if more arrived than it reads at once", async () => {
    const store = new FakeStore();
    store.add(makeId(9_000));
    const trail = store.open();
    await settle();
    for (let n = 0; n < 6_000; n += 1) store.add(makeId(6_000 - n));
    await trail.poll(true, never);
    await readToTheEnd(trail);
    expect(idsOf(trail)).toEqual([...store.ids].sort().reverse());
  });

  it("asks for little when nothing is new", async () => {
    const store = new FakeStore();
    for (let n = 0; n < 2_000; n += 1) store.add(makeId(n / 50, n));
    const trail = store.open();
    await readToTheEnd(trail);
    store.queries.length = 0;
    await trail.poll(false, never);
    expect(store.queries).toHaveLength(1);
  });
});

it("merges in descending order", () => {
  const items = ["F", "D", "B"].map(makeItem);
  const merged = mergeItems(items, ["A", "G", "C", "E"].map(makeItem));
  expect(merged.map((item) => item.id).join("")).toBe("GFEDCBA");
  expect(findIndex(merged, "C")).toBe(4);
  expect(findIndex(merged, "X")).toBe(-1);
});

it("reads the time of an id", () => {
  expect(decodeTime("01ARYZ6S410000000000000000")).toBe(1_469_918_176_385);
  for (const text of ["", "x", "il", "not an id"]) expect(decodeTime(text)).toBeNaN();
});
