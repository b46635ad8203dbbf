import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../src/durations";
import {
  compare,
  getPeriod,
  getPeriodBefore,
  getStatisticsQuery,
  listIntervals,
  splitFilters,
} from "../src/views/statistics/period";
import { countUsers } from "../src/views/statistics/users";

const NOW = Date.parse("2026-11-24T10:30:00Z");

test("a period is of whole hours, as the API counts", () => {
  const { startMs, endMs } = getPeriod({ kind: "preset", preset: "24h" }, NOW);
  expect(new Date(startMs).toISOString()).toBe("2026-11-23T10:00:00.000Z");
  expect(new Date(endMs).toISOString()).toBe("2026-11-24T10:59:59.999Z");
});

test("the end of a fixed range is excluded", () => {
  const range = { kind: "fixed", start: "2026-11-24T08:00:00Z", end: "2026-11-24T09:00:00Z" } as const;
  const period = getPeriod(range, NOW);
  expect(period.endMs + 1 - period.startMs).toBe(HOUR_MS);
});

test("all time is the longest series that the API gives", () => {
  const { startMs, endMs } = getPeriod({ kind: "all" }, NOW);
  const days = Math.floor(endMs / DAY_MS) - Math.floor(startMs / DAY_MS) + 1;
  expect(days).toBe(3_660);
});

test("the period before is as long, and ends where this one starts", () => {
  const period = getPeriod({ kind: "preset", preset: "7d" }, NOW);
  const before = getPeriodBefore(period);
  expect(before?.endMs).toBe(period.startMs - 1);
  expect((before?.endMs ?? 0) - (before?.startMs ?? 0)).toBe(period.endMs - period.startMs);
  expect(getPeriodBefore({ startMs: 0, endMs: HOUR_MS - 1 })).toBeNull();
});

test.each([
  ["1h", ["hour"]],
  ["24h", ["hour", "day"]],
  ["30d", ["day", "hour"]],
  ["90d", ["day"]],
] as const)("%s has the intervals %j, the better first", (preset, intervals) => {
  expect(listIntervals(getPeriod({ kind: "preset", preset }, NOW))).toEqual(intervals);
});

test("a filter that the statistics do not know is left out and named", () => {
  const filters = { action: "user.*", success: "false", ipAddress: "10.0.0.1" };
  expect(splitFilters(filters)).toEqual({ known: { action: "user.*" }, ignored: ["success", "ipAddress"] });
  const query = getStatisticsQuery("acme", filters, { startMs: 0, endMs: HOUR_MS - 1 });
  expect(query).toEqual({
    tenantId: "acme",
    action: "user.*",
    startDate: "1970-01-01T00:00:00.000Z",
    endDate: "1970-01-01T00:59:59.999Z",
  });
});

test("a trend has its difference", () => {
  expect(compare(4, 4)).toEqual({ kind: "same" });
  expect(compare(4, 6)).toEqual({ kind: "more", difference: 2 });
  expect(compare(6, 4)).toEqual({ kind: "fewer", difference: -2 });
});

test("users are counted, and events without one too", () => {
  const items = [{ userId: "b" }, { userId: "a" }, { userId: "b" }, {}, { id: "x", unreadable: "no" }];
  expect(countUsers(items as never)).toEqual({
    users: [
      { userId: "b", count: 2 },
      { userId: "a", count: 1 },
    ],
    nobody: 2,
  });
});
