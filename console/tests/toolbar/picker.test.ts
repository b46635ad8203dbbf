import { describe, expect, it } from "vitest";
import { getRangeQuery } from "../../src/state/filters";
import { listPrefixes } from "../../src/views/trail/toolbar/suggestions";
import { getBounds, readPicker, toLocal } from "../../src/views/trail/toolbar/picker";

describe("the picker", () => {
  it.each(["local", "utc"] as const)("gives back the instants that it shows: %s", (zone) => {
    const range = { kind: "fixed", start: "2026-11-24T08:00:00.000Z", end: "2026-11-24T09:30:00.000Z" } as const;
    const { startMs, endMs } = getBounds(range, 24, 0);
    expect(readPicker(toLocal(startMs, zone), toLocal(endMs, zone), zone)).toEqual(range);
  });
  it("shows UTC as UTC", () => {
    expect(toLocal(Date.parse("2026-11-24T08:00:30Z"), "utc")).toBe("2026-11-24T08:00");
  });
  it("begins with whole minutes of a moving range", () => {
    expect(getBounds({ kind: "all" }, 1, 90_000)).toEqual({ startMs: 120_000 - 3_600_000, endMs: 120_000 });
  });
  it.each([
    ["", "2026-11-24T08:00", "missing"],
    ["2026-11-24T08:00", "2026-11-24T08:00", "reversed"],
    ["2026-11-24T08:01", "2026-11-24T08:00", "reversed"],
  ])("refuses %s to %s: %s", (start, end, problem) => {
    expect(readPicker(start, end, "local")).toBe(problem);
  });
});

it("asks the API for a range without its end", () => {
  const range = { kind: "fixed", start: "2026-11-24T08:00:00.000Z", end: "2026-11-24T09:00:00.000Z" } as const;
  expect(getRangeQuery(range, 0)).toEqual({ startDate: range.start, endDate: "2026-11-24T08:59:59.999Z" });
});

it("suggests a prefix that several actions share", () => {
  expect(listPrefixes(["user.login", "user.logout", "order.read", "ping"])).toEqual(["user.*"]);
});
