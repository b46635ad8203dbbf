import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Api } from "../src/api/client";
import { makePattern } from "../src/parts/characters";
import type { EventPage, StoredEvent } from "../src/api/types";
import { canonicalize } from "../src/canonical";
import { canonicalizeEvent } from "../src/views/event/canonical";
import { diffContainers, listDiffRows, type DiffNode } from "../src/views/event/diff";
import { isSame, type Container, type Json } from "../src/views/event/json";
import { countPage, countPivot, listPivots } from "../src/views/event/pivots";
import { listTreeRows, searchTree, takeRows } from "../src/views/event/tree";

const parse = (text: string) => JSON.parse(text) as Container;
const EVENT: StoredEvent = {
  id: "01M8693800S4JW22X9C2F49PPP",
  digest: "",
  receivedAt: "2026-11-24T08:00:01.250Z",
  submittedBy: "AROAEXAMPLEID:i-0abc",
  eventId: "e",
  timestamp: "2026-11-24T08:00:00.000Z",
  tenantId: "acme",
  action: "order.approve",
  resourceType: "order",
  resourceId: "4711",
  success: true,
  v: 1,
};

describe("the canonical form", () => {
  it.each([
    ['{"b":1.50,"a":"\\u00e9","\\ud83d\\ude00":1e21,"\\ufb33":-0}', '{"a":"é","b":1.5,"😀":1e+21,"\uFB33":0}'],
    ['{"10":1,"9":2,"__proto__":{"z":null,"constructor":[]}}', '{"10":1,"9":2,"__proto__":{"constructor":[],"z":null}}'],
    ['["\\u0000\\u007f\\u2028\\"\\\\/"]', '["\\u0000\u007f\u2028\\"\\\\/"]'],
    ["[1000000000000000000,333333333.33333329]", "[1000000000000000000,333333333.3333333]"],
  ])("of %s", (text, canonical) => expect(canonicalize(parse(text))).toBe(canonical));

  it("of an event has its own fields only", () => {
    const text = canonicalizeEvent(EVENT);
    expect(text.startsWith('{"action":"order.approve","eventId":"e","resourceId"')).toBe(true);
    expect(text).not.toMatch(/"(id|digest|receivedAt|submittedBy)":/);
    expect(createHash("sha256").update(text).digest("hex")).toHaveLength(64);
  });
});

const sketch = (nodes: readonly DiffNode[]): unknown[] =>
  nodes.map(({ key, kind, children }) => (children ? [key, sketch(children)] : `${key} ${kind}`));

describe("a diff", () => {
  it.each([
    ['{"a":1,"b":2,"c":3}', '{"a":1,"b":3,"d":4}', ["b changed", "c removed", "d added", "a same"]],
    ['{"o":{"x":1,"y":[1,2]}}', '{"o":{"x":1,"y":[1,3]}}', [["o", [["y", ["0 same", "1 changed"]], "x same"]]]],
    ['{"o":{"x":1}}', '{"o":[1]}', ["o changed"]],
    ['{"a":null}', '{"a":0}', ["a changed"]],
    ['{"a":1.0,"b":{"x":1,"y":2}}', '{"a":1,"b":{"y":2,"x":1}}', ["a same", "b same"]],
    ['{"__proto__":1,"constructor":{"a":1}}', '{"__proto__":2}', ["__proto__ changed", "constructor removed"]],
    ['["a","b","c","d"]', '["a","c","x","d"]', ["0 same", "1 removed", "1 same", "2 added", "3 same"]],
    ["[]", "[1]", ["0 added"]],
  ])("of %s and %s", (before, after, expected) => {
    expect(sketch(diffContainers(parse(before), parse(after)))).toEqual(expected);
  });

  it("folds what is the same, and opens it", () => {
    const nodes = diffContainers(parse('{"a":1,"b":2,"c":3}'), parse('{"a":1,"b":2,"c":4}'));
    const folded = [...listDiffRows(nodes, (_, byDefault) => byDefault)];
    expect(folded.map(({ type }) => type)).toEqual(["node", "fold"]);
    expect([...listDiffRows(nodes, () => true)].map(({ type }) => type)).toEqual(["node", "node", "node"]);
  });

  it("of long lists is found in time", () => {
    const before = Array.from({ length: 5_000 }, (_, index) => index);
    const after = before.map((value) => value + (value % 2));
    const start = performance.now();
    expect(diffContainers(before, after)).toHaveLength(5_000);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it.each(["undefined", "toString", "__proto__"])("does not take %s for a key that is there", (key) => {
    expect(isSame(parse(`{"${key}":1}`) as Json, parse('{"x":1}') as Json)).toBe(false);
  });
});

describe("a tree", () => {
  const value = parse('{"user":{"name":"Zoë","tags":["a","needle"]},"__proto__":{"needle":{"deep":1}},"n":null}');
  const list = (query: string, isOpen: (path: string) => boolean) => {
    const pattern = makePattern(query);
    const matches = pattern && searchTree(value, pattern);
    return [...listTreeRows(value, (path) => isOpen(path), matches)].map(({ path }) => path);
  };

  it("lists what is open", () => {
    expect(list("", (path) => path === "/user")).toEqual(["/user", "/user/name", "/user/tags", "/__proto__", "/n"]);
  });

  it("shows matches with what contains them, and what is in them", () => {
    expect(list("NEEDLE", () => true)).toEqual([
      "/user",
      "/user/tags",
      "/user/tags/1",
      "/__proto__",
      "/__proto__/needle",
      "/__proto__/needle/deep",
    ]);
    expect(list("null", () => true)).toEqual(["/n"]);
    expect(list("0", () => true)).toEqual([]);
  });

  it("takes no more rows than are shown", () => {
    let count = 0;
    function* rows() {
      for (;;) yield (count += 1);
    }
    expect(takeRows(rows(), 2)).toEqual({ rows: [1, 2], isCut: true });
    expect(count).toBe(3);
    expect(takeRows([1, 2], 2)).toEqual({ rows: [1, 2], isCut: false });
  });

  it("of 10,000 nodes is searched in time", () => {
    const large = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, "x".repeat(100)]));
    const start = performance.now();
    expect(searchTree(large, /key9999/iu).found.size).toBe(1);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

const HOUR_AROUND = {
  kind: "fixed",
  start: "2026-11-24T07:00:00.000Z",
  end: "2026-11-24T09:00:00.000Z",
};

describe("pivots", () => {
  it("are of the fields that the event has", () => {
    const pivots = listPivots({ ...EVENT, userId: "u", requestId: "r" });
    expect(pivots.map(({ name }) => name)).toEqual(["user", "resource", "request"]);
    expect(pivots[1]?.filters).toEqual({ resourceType: "order", resourceId: "4711" });
    expect(pivots[2]?.range).toEqual(HOUR_AROUND);
  });

  it("by trace and type of actor are around the event, since no index has these", () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    expect(listPivots({ ...EVENT, traceId, actorType: "agent" }).slice(1)).toEqual([
      { name: "trace", filters: { traceId }, range: HOUR_AROUND },
      { name: "actorType", filters: { actorType: "agent" }, range: HOUR_AROUND },
    ]);
  });

  const page = (length: number, nextCursor: string | null = null): EventPage => ({
    items: Array.from({ length }, () => EVENT),
    nextCursor,
  });
  it.each([
    [page(9), { count: 9, hasMore: false }],
    [page(20), { count: 20, hasMore: false }],
    [page(21, "c"), { count: 20, hasMore: true }],
    [page(0, "c"), { count: 0, hasMore: true }],
  ])("are counted up to twenty", (given, count) => expect(countPage(given)).toEqual(count));

  it("are counted once a minute, and again after a failure", async () => {
    let isFailing = true;
    let requests = 0;
    const listEvents = async () => {
      requests += 1;
      if (isFailing) throw new Error("no");
      return page(1);
    };
    const api = { listEvents } as Partial<Api> as Api;
    const [pivot] = listPivots(EVENT);
    if (!pivot) throw new Error("no pivot");
    const count = (nowMs: number) => countPivot(api, "acme", pivot, nowMs);
    await expect(count(0)).rejects.toThrow("no");
    isFailing = false;
    await expect(count(1)).resolves.toEqual({ count: 1, hasMore: false });
    await count(59_000);
    expect(requests).toBe(2);
    await count(61_000);
    expect(requests).toBe(3);
  });
});
