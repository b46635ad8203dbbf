import { describe, expect, it } from "vitest";
import { formatInstant, formatRelative } from "../src/parts/instants";
import { DEFAULT_PREFERENCES } from "../src/state/preferences";
import { makeTracks, readColumns } from "../src/views/trail/list/columns";
import { moveColumn } from "../src/views/trail/list/columns-menu";
import { findCommand, type KeyPress } from "../src/views/trail/list/keys";
import { addIndex, findCurrent } from "../src/views/trail/list/rows-state";

const NOW = Date.parse("2026-11-24T08:00:00Z");

describe("an instant", () => {
  const cases: [number, string][] = [
    [0, "now"],
    [-59_000, "now"],
    [-60_000, "1 min. ago"],
    [-7_199_000, "1 hr. ago"],
    [-86_400_000, "yesterday"],
    [3_600_000, "in 1 hr."],
  ];
  it.each(cases)("%d ms from now is %s", (difference, text) => {
    expect(formatRelative(NOW + difference, NOW)).toBe(text);
  });

  it("has the year and the zone where they are needed", () => {
    const ms = Date.parse("2026-01-02T03:04:05.006Z");
    expect(formatInstant(ms, "utc", "short", NOW)).toBe("Jan 02, 03:04:05");
    expect(formatInstant(ms, "utc", "short", Date.parse("2027-01-01"))).toBe("Jan 02, 2026, 03:04:05");
    expect(formatInstant(ms, "utc", "full", NOW)).toBe("Jan 02, 2026, 03:04:05.006 UTC");
  });
});

describe("columns", () => {
  it("are those of the preferences that exist, each once", () => {
    expect(readColumns(["action", "nothing", "time", "action", 7])).toEqual(["action", "time"]);
  });

  it.each([[[]], ["time"], [null], [["nothing"]]])("are the default ones for %j", (kept) => {
    expect(readColumns(kept)).toEqual(DEFAULT_PREFERENCES.columns);
  });

  it("move, and stop at the ends", () => {
    expect(moveColumn(["time", "actor", "action"], "actor", -1)).toEqual(["actor", "time", "action"]);
    expect(moveColumn(["time", "actor", "action"], "action", 1)).toEqual(["time", "actor", "action"]);
  });

  it("have a track each", () => {
    expect(makeTracks(["time", "actor"]).tracks).toBe("11.5rem minmax(8rem, 2fr)");
  });
});

describe("a key", () => {
  const press = (given: Partial<KeyPress>): KeyPress => ({
    key: "j",
    isModified: false,
    on: "nothing",
    hasLetterKeys: true,
    ...given,
  });
  const cases: [Partial<KeyPress>, string | null][] = [
    [{}, "next"],
    [{ key: "k", on: "control" }, "previous"],
    [{ on: "field" }, null],
    [{ key: "Escape", on: "field" }, null],
    [{ isModified: true }, null],
    [{ hasLetterKeys: false }, null],
    [{ key: "Escape", hasLetterKeys: false }, "close"],
    [{ key: "Enter", on: "row" }, "open"],
    [{ key: "Enter", on: "control" }, null],
    [{ key: "ArrowDown", on: "row" }, "next"],
    [{ key: "ArrowDown" }, null],
    [{ key: "x" }, null],
  ];
  it.each(cases)("%j is %s", (given, command) => {
    expect(findCommand(press(given))).toBe(command);
  });
});

describe("the current row", () => {
  const items = ["C", "B", "A"].map((id) => ({ id, unreadable: "a test" }));
  it("is the first that is known", () => {
    expect(findCurrent(items, [null, "A"])).toBe(2);
    expect(findCurrent(items, ["X", null])).toBe(0);
  });

  it("stays in the document", () => {
    const range = { startIndex: 4, endIndex: 5, overscan: 0, count: 9 };
    expect(addIndex([4, 5], 1, range)).toEqual([1, 4, 5]);
    expect(addIndex([4, 5], 5, range)).toEqual([4, 5]);
    expect(addIndex([4, 5], 9, range)).toEqual([4, 5]);
  });
});
