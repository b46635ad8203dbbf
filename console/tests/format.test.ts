import { expect, test } from "vitest";
import { findLocale, formatBytes, formatChange, formatDuration, formatPercent } from "../src/format";

test("the locale is the reader's own variant of the texts' language", () => {
  expect(findLocale(["de-CH", "en-GB", "en-US"], "en")).toBe("en-GB");
  expect(findLocale(["de-CH"], "en")).toBe("en");
});

test("a share that is not quite all does not look like all", () => {
  expect(formatPercent(100)).toBe("100%");
  expect(formatPercent(99.996)).toBe("99.99%");
  expect(formatPercent(0)).toBe("0%");
  expect(formatPercent(66.67)).toBe("66.7%");
});

test("a change has its sign, and none where there was nothing before", () => {
  expect(formatChange(100, 112)).toBe("+12%");
  expect(formatChange(100, 50)).toBe("-50%");
  expect(formatChange(7, 7)).toBe("0%");
  expect(formatChange(0, 7)).toBeNull();
});

test("a duration has its two largest units", () => {
  expect(formatDuration(8.25)).toBe("8.3 ms");
  expect(formatDuration(250)).toBe("250 ms");
  expect(formatDuration(2_340)).toBe("2.3 sec");
  expect(formatDuration(61_000)).toBe("1 min 1 sec");
  expect(formatDuration(3_600_000)).toBe("1 hr");
  expect(formatDuration(3_600_000 * 49 + 59_000)).toBe("2 days 1 hr");
});

test("a size is in units of 1,000", () => {
  expect(formatBytes(999)).toBe("999 bytes");
  expect(formatBytes(12_300)).toBe("12.3 kB");
});
