import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../../src/durations";
import type { Statistics } from "../../src/api/types";
import type { Range } from "../../src/state/filters";
import {
  makeBars,
  planRequest,
  selectOutcome,
  snapToBars,
  summarize,
} from "../../src/views/trail/toolbar/series";

const NOW = Date.parse("2026-11-24T16:30:00Z");
const fixed = (start: string, end: string): Range => ({ kind: "fixed", start, end });

function makeStatistics(count: number, durationMs: number, firstMs = 0): Statistics {
  const series = Array.from({ length: count }, (_, index) => ({
    start: new Date(firstMs + index * durationMs).toISOString(),
    total: index + 1,
    successful: index,
    failed: 1,
  }));
  return {
    ...{ startDate: "", endDate: "", total: 0, successful: 0, failed: 0, successRate: 0 },
    ...{ actionBreakdown: [], resourceTypeBreakdown: [], series },
  };
}

describe("a request for statistics", () => {
  it("has the filters that statistics know, and the range", () => {
    const filters = { action: "user.*", sessionId: "s-1", success: "false" };
    const request = planRequest("acme", filters, { kind: "preset", preset: "24h" });
    expect(request.query(NOW)).toEqual({
      ...{ tenantId: "acme", action: "user.*", userId: undefined, resourceType: undefined },
      ...{ startDate: "2026-11-23T16:30:00.000Z", interval: "hour" },
    });
  });

  it("has the same key while only other filters change", () => {
    const range: Range = { kind: "all" };
    const { key } = planRequest("", { action: "a" }, range);
    expect(planRequest("", { action: "a", sessionId: "s", success: "true" }, range).key).toBe(key);
    expect(planRequest("", { action: "b" }, range).key).not.toBe(key);
    expect(planRequest("acme", { action: "a" }, range).key).not.toBe(key);
  });

  it.each<[Range, string, number]>([
    [{ kind: "preset", preset: "7d" }, "hour", 744],
    [{ kind: "preset", preset: "30d" }, "day", 3_660],
    [{ kind: "all" }, "day", 3_660],
    [fixed("2026-11-01T00:00:00Z", "2026-11-09T00:00:00Z"), "hour", 744],
    [fixed("2026-11-01T00:00:00Z", "2026-11-09T00:00:01Z"), "day", 3_660],
    [fixed("1990-01-01T00:00:00Z", "2026-11-09T00:00:00Z"), "day", 3_660],
  ])("%j is by %s and within the API's limit", (range, interval, limit) => {
    const query = planRequest("", {}, range).query(NOW);
    expect(query["interval"]).toBe(interval);
    const duration = interval === "hour" ? HOUR_MS : DAY_MS;
    const start = Date.parse(String(query["startDate"]));
    const end = query["endDate"] === undefined ? NOW : Date.parse(String(query["endDate"]));
    expect(Math.floor(end / duration) - Math.floor(start / duration) + 1).toBeLessThanOrEqual(limit);
  });

  it("does not count the end of a range", () => {
    const range = fixed("2026-11-24T10:00:00.000Z", "2026-11-24T12:00:00.000Z");
    expect(planRequest("", {}, range).query(NOW)["endDate"]).toBe("2026-11-24T11:59:59.999Z");
  });
});

describe("bars", () => {
  it("are the intervals of the series", () => {
    const { bars, intervals } = makeBars(makeStatistics(3, HOUR_MS), "hour", false);
    expect(intervals).toBe(1);
    expect(bars[2]).toEqual({ startMs: 2 * HOUR_MS, endMs: 3 * HOUR_MS, successful: 2, failed: 1 });
  });

  it("are merged if they would be too thin, and lose no event", () => {
    const { bars, intervals } = makeBars(makeStatistics(3_660, DAY_MS), "day", true);
    expect(bars.length).toBeLessThanOrEqual(200);
    expect(bars[0]?.endMs).toBe(intervals * DAY_MS);
    expect(bars.at(-1)?.endMs).toBe(3_660 * DAY_MS);
    expect(summarize(bars)).toMatchObject({ successful: (3_660 * 3_659) / 2, failed: 3_660 });
  });

  it("begin at the first event of an open range", () => {
    const statistics = makeStatistics(1_000, DAY_MS);
    const emptied = statistics.series?.map((each, index) =>
      index < 900 ? { ...each, total: 0, successful: 0, failed: 0 } : each,
    );
    const { bars } = makeBars({ ...statistics, series: emptied ?? [] }, "day", true);
    expect(bars[0]?.startMs).toBe(900 * DAY_MS);
    expect(bars).toHaveLength(100);
  });

  it("are at least 24 of an open range without events", () => {
    const empty = makeStatistics(100, DAY_MS);
    const series = empty.series?.map((each) => ({ ...each, successful: 0, failed: 0 })) ?? [];
    expect(makeBars({ ...empty, series }, "day", true).bars).toHaveLength(24);
  });

  it("leave out the outcome that a reader does not want", () => {
    const { bars } = makeBars(makeStatistics(3, HOUR_MS), "hour", false);
    expect(summarize(selectOutcome(bars, "true"))).toMatchObject({ successful: 3, failed: 0 });
    expect(summarize(selectOutcome(bars, "false"))).toMatchObject({ successful: 0, failed: 3 });
    expect(selectOutcome(bars, undefined)).toBe(bars);
  });
});

describe("a brush", () => {
  const { bars } = makeBars(makeStatistics(5, HOUR_MS), "hour", false);
  it("chooses whole bars", () => {
    const range = snapToBars(bars, 1.5 * HOUR_MS, 2.1 * HOUR_MS);
    expect(range).toEqual(fixed("1970-01-01T01:00:00.000Z", "1970-01-01T03:00:00.000Z"));
  });
  it("chooses nothing beside the bars", () => {
    expect(snapToBars(bars, 9 * HOUR_MS, 10 * HOUR_MS)).toBeNull();
  });
});
