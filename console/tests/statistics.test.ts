import { expect, test } from "vitest";
import { ApiError } from "../src/api/client";
import { DAY_MS, HOUR_MS } from "../src/durations";
import {
  compare,
  getPeriod,
  getPeriodBefore,
  getStatisticsQuery,
  listIntervals,
  splitFilters,
} from "../src/views/statistics/period";
import { COUNTED, countFirst, countUsers } from "../src/views/statistics/users";

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

const EVENTS = [
  { userId: "b", success: true },
  { userId: "a", success: false },
  { userId: "b", success: false, onBehalfOf: { userId: "c" } },
  { userId: "b", success: true, onBehalfOf: { userId: "b" } },
  { success: true },
  { id: "x", unreadable: "no" },
];

test("each user has what they did and what was done on their behalf, and events without a user are counted too", () => {
  expect(countUsers(EVENTS as never, true)).toEqual({
    users: [
      { userId: "b", count: 3, failed: 1, isLeast: false },
      { userId: "a", count: 1, failed: 1, isLeast: false },
      { userId: "c", count: 1, failed: 1, isLeast: false },
    ],
    nobody: 2,
    onBehalf: 1,
  });
});

test("of a sample, each count is the least", () => {
  expect(countUsers(EVENTS as never, false).users[0]).toEqual({ userId: "b", count: 3, failed: null, isLeast: true });
});

const makeUsers = (size: number) =>
  Array.from({ length: size }, (_, at) => ({ userId: `u-${at}`, count: 100 - at, failed: null, isLeast: true }));

test("the first users are counted, three at a time, and the order is that of the counts", async () => {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  const { users, error } = await countFirst(makeUsers(12), 50_000, async (userId) => {
    asked.push(userId);
    most = Math.max(most, (running += 1));
    await Promise.resolve();
    running -= 1;
    return { total: userId === "u-7" ? 900 : 200, failed: 4 };
  });
  expect(asked).toEqual(makeUsers(COUNTED).map(({ userId }) => userId));
  expect(most).toBe(3);
  expect(error).toBeNull();
  expect(users[0]).toEqual({ userId: "u-7", count: 900, failed: 4, isLeast: false });
  expect(users[1]).toEqual({ userId: "u-0", count: 200, failed: 4, isLeast: false });
  expect(users.at(-1)).toEqual({ userId: "u-11", count: 89, failed: null, isLeast: true });
});

test.each([
  [50_000, 50_000],
  [0, 100], // with filters, the user's other events were too many
])("a user with too many events has at least %d, here %d", async (most, count) => {
  const refuse = async () => Promise.reject(new ApiError("invalid", "must leave at most 50000 events", null, "range_too_large"));
  const { users, error } = await countFirst(makeUsers(1), most, refuse);
  expect(users).toEqual([{ userId: "u-0", count, failed: null, isLeast: true }]);
  expect(error).toBeNull();
});

test("a user whose count is refused for another reason has no count", async () => {
  const fault = new ApiError("invalid", "must be a date", null, "invalid_query");
  const { users, error } = await countFirst(makeUsers(1), 50_000, async () => Promise.reject(fault));
  expect(users).toEqual([{ userId: "u-0", count: 100, failed: null, isLeast: true }]);
  expect(error).toBe(fault);
});

test("after an error nothing more is asked, and what is known stays", async () => {
  const fault = new ApiError("throttled", "slow down");
  let asked = 0;
  const { users, error } = await countFirst(makeUsers(10), 50_000, async (userId) => {
    asked += 1;
    if (userId === "u-1") throw fault;
    return { total: 500, failed: 0 };
  });
  expect(error).toBe(fault);
  expect(asked).toBeLessThanOrEqual(5);
  expect(users).toContainEqual({ userId: "u-0", count: 500, failed: 0, isLeast: false });
  expect(users).toContainEqual({ userId: "u-1", count: 99, failed: null, isLeast: true });
});
