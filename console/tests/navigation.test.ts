import { describe, expect, it } from "vitest";
import { decodePlace, encodePlace, START, type Place } from "../src/state/navigation";

describe("a place in the URL", () => {
  const places: Place[] = [
    START,
    { ...START, view: "statistics", tenantId: "acme" },
    { ...START, filters: { action: "user.*", success: "false", userId: "ünï & co" } },
    { ...START, range: { kind: "preset", preset: "24h" }, eventId: "01JDFC3MVB0000000000000000" },
    { ...START, range: { kind: "all" } },
    { ...START, range: { kind: "fixed", start: "2025-11-24T00:00:00Z", end: "2025-11-25T00:00:00Z" } },
  ];
  it.each(places)("is read as it was written: %j", (place) => {
    expect(decodePlace(encodePlace(place))).toEqual(place);
  });

  it("is the start if nothing in it is valid", () => {
    expect(decodePlace("?view=nothing&range=7y&startDate=x&endDate=y&unknown=1")).toEqual(START);
  });

  it.each(["toString", "constructor", "__proto__"])("knows no range %s", (name) => {
    expect(decodePlace(`?range=${name}`)).toEqual(START);
  });

  it("has no instants that cannot be written", () => {
    const first = encodeURIComponent(new Date(-8.64e15).toISOString());
    expect(decodePlace(`?startDate=${first}&endDate=${first}`)).toEqual(START);
  });

  it("is empty at the start", () => {
    expect(encodePlace(START)).toBe("");
  });
});
