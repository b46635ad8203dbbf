import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ApiError, type Query } from "../../src/api/client";
import type { EventPage, TrailItem } from "../../src/api/types";
import { canonicalize } from "../../src/canonical";
import { COLUMNS, encodeRecord, guardFormula, HEADER } from "../../src/views/trail/toolbar/csv";
import { exportEvents, type ExportOptions, type Sink } from "../../src/views/trail/toolbar/export";

/** The cases that the tests of prooftrail/export/csv.py read too. */
const cases = JSON.parse(readFileSync("../tests/unit/export/csv_cases.json", "utf8")) as {
  guarded: string[];
  unchanged: string[];
  header: string;
  records: { name: string; event: TrailItem; record: string }[];
};

describe("CSV", () => {
  it.each(cases.guarded)("marks %j, which could be a formula", (text) => {
    expect(guardFormula(text)).toBe(`'${text}`);
  });
  it.each(cases.unchanged)("leaves %j as it is", (text) => {
    expect(guardFormula(text)).toBe(text);
  });
  it("has the columns of the command line's", () => {
    expect(HEADER).toBe(cases.header);
    expect(COLUMNS).toHaveLength(26);
  });
  it.each(cases.records)("writes the record of $name", ({ event, record }) => {
    expect(encodeRecord(event)).toBe(record);
  });
  it("sorts names as RFC 8785 does", () => {
    expect(canonicalize({ b: [1, { z: null, "10": 1, "9": 2 }], a: "é" })).toBe(
      '{"a":"é","b":[1,{"10":1,"9":2,"z":null}]}',
    );
  });
});

function makeSink(maxEvents = 1_000_000) {
  const state = { text: "", ended: "" };
  const sink: Sink = {
    maxEvents,
    write: async (text) => void (state.text += text),
    finish: async () => void (state.ended = "finished"),
    discard: async () => void (state.ended = "discarded"),
  };
  return { sink, state };
}

/** Returns pages of these events, one for each request; `fail` is thrown before the second. */
function makePages(count: number, fail?: Error) {
  const asked: Query[] = [];
  const events = Array.from({ length: count }, (_, index) => ({ id: `e-${index}` }) as TrailItem);
  const failures = fail ? [fail] : [];
  async function listEvents(query: Query): Promise<EventPage> {
    asked.push(query);
    const first = Number(query["cursor"] ?? 0);
    const failure = first > 0 ? failures.shift() : undefined;
    if (failure) throw failure;
    const last = Math.min(first + Math.min(Number(query["limit"]), 400), count);
    return { items: events.slice(first, last), nextCursor: last < count ? String(last) : null };
  }
  return { api: { listEvents }, asked };
}

function makeOptions(change: Partial<ExportOptions> & Pick<ExportOptions, "api" | "sink">): ExportOptions {
  return { query: {}, format: "ndjson", signal: new AbortController().signal, onProgress: () => undefined, ...change };
}

describe("an export", () => {
  it("follows the cursors to the end", async () => {
    const { api, asked } = makePages(1_000);
    const { sink, state } = makeSink();
    const seen: number[] = [];
    const onProgress = ({ events }: { events: number }) => void seen.push(events);
    const result = await exportEvents(makeOptions({ api, sink, query: { action: "a" }, onProgress }));
    expect(result).toEqual({ events: 1_000, unreadable: 0, isComplete: true });
    expect(state.text.trimEnd().split("\n")).toHaveLength(1_000);
    expect(state.ended).toBe("finished");
    expect(seen).toEqual([400, 800, 1_000]);
    expect(asked.every((query) => query["action"] === "a")).toBe(true);
  });

  it("stops at the limit, and says that there is more", async () => {
    const { sink, state } = makeSink(500);
    const result = await exportEvents(makeOptions({ api: makePages(1_000).api, sink }));
    expect(result).toEqual({ events: 500, unreadable: 0, isComplete: false });
    expect(state.text.trimEnd().split("\n")).toHaveLength(500);
  });

  it("waits while the API is busy", async () => {
    const { api } = makePages(1_000, new ApiError("throttled", "slow down", 0.01));
    const result = await exportEvents(makeOptions({ api, sink: makeSink().sink }));
    expect(result.events).toBe(1_000);
  });

  it.each([new ApiError("forbidden", "no"), new ApiError("signedOut", "gone")])(
    "keeps nothing after %s",
    async (failure) => {
      const { sink, state } = makeSink();
      const { api } = makePages(1_000, failure);
      await expect(exportEvents(makeOptions({ api, sink }))).rejects.toBe(failure);
      expect(state.ended).toBe("discarded");
    },
  );

  it("keeps nothing after it was cancelled, not even while it waits", async () => {
    const { sink, state } = makeSink();
    const abort = new AbortController();
    const { api } = makePages(1_000, new ApiError("throttled", "slow down", 60));
    const onProgress = () => setTimeout(() => abort.abort(), 5);
    const exported = exportEvents(makeOptions({ api, sink, signal: abort.signal, onProgress }));
    await expect(exported).rejects.toMatchObject({ name: "AbortError" });
    expect(state.ended).toBe("discarded");
  });

  it("counts the events that cannot be read", async () => {
    const listEvents = async (): Promise<EventPage> => ({
      items: [{ id: "1", unreadable: "changed" }],
      nextCursor: null,
    });
    const { sink, state } = makeSink();
    const result = await exportEvents(makeOptions({ api: { listEvents }, sink, format: "csv" }));
    expect(result).toEqual({ events: 1, unreadable: 1, isComplete: true });
    expect(state.text).toBe(`${HEADER},"1"${",".repeat(24)}\r\n`);
  });
});
