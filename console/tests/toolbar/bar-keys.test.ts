import { describe, expect, it } from "vitest";
import { moveSelection } from "../../src/views/trail/toolbar/bar-keys";

describe("the bars that keys choose", () => {
  it("begin at the last bar", () => {
    expect(moveSelection(null, "ArrowLeft", false, 30)).toEqual({ anchor: 28, focus: 28 });
    expect(moveSelection(null, "ArrowRight", false, 30)).toEqual({ anchor: 29, focus: 29 });
    expect(moveSelection(null, "ArrowLeft", true, 30)).toEqual({ anchor: 29, focus: 28 });
  });

  it.each([
    ["ArrowLeft", 14],
    ["ArrowRight", 16],
    ["ArrowDown", 14],
    ["ArrowUp", 16],
    ["PageDown", 5],
    ["PageUp", 25],
    ["Home", 0],
    ["End", 29],
  ])("%s moves, and with Shift extends", (key, to) => {
    const from = { anchor: 15, focus: 15 };
    expect(moveSelection(from, key, false, 30)).toEqual({ anchor: to, focus: to });
    expect(moveSelection(from, key, true, 30)).toEqual({ anchor: 15, focus: to });
  });

  it("stay within the chart", () => {
    const first = { anchor: 3, focus: 0 };
    expect(moveSelection(first, "ArrowLeft", true, 30)).toEqual({ anchor: 3, focus: 0 });
    expect(moveSelection(first, "PageUp", false, 5)).toEqual({ anchor: 4, focus: 4 });
    expect(moveSelection(null, "ArrowLeft", false, 1)).toEqual({ anchor: 0, focus: 0 });
  });

  it.each(["Enter", "Tab", "a"])("are not changed by %s", (key) => {
    expect(moveSelection({ anchor: 1, focus: 1 }, key, false, 30)).toBeNull();
  });

  it("are absent without bars", () => expect(moveSelection(null, "ArrowLeft", false, 0)).toBeNull());
});
