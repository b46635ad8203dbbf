import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./durations";
import { texts } from "./texts";

/** The reader's locale if it is of the texts' language, else that language: one page, one language. */
export const LOCALE: string = findLocale(globalThis.navigator?.languages ?? [], texts.language);

export function findLocale(wanted: readonly string[], language: string): string {
  return wanted.find((each) => each === language || each.startsWith(`${language}-`)) ?? language;
}

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const DURATION_UNITS = [
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
  ["second", SECOND_MS],
] as const;

export function formatNumber(value: number | bigint, digits = 0): string {
  return new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits }).format(value);
}

/** Returns a number in a few characters: `12K`. */
export function formatCompact(value: number): string {
  return new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** Returns a percentage; `percent` is 0 to 100, and 99.996 is not rounded up to 100. */
export function formatPercent(percent: number): string {
  const isAlmost = percent > 99.9 && percent < 100;
  const shown = isAlmost ? Math.floor(percent * 100) / 100 : percent;
  return new Intl.NumberFormat(LOCALE, {
    style: "percent",
    maximumFractionDigits: isAlmost ? 2 : 1,
  }).format(shown / 100);
}

/** Returns the change as a percentage with its sign, or null if there was nothing before. */
export function formatChange(before: number, now: number): string | null {
  if (before === 0) return null;
  return new Intl.NumberFormat(LOCALE, {
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 1,
  }).format((now - before) / before);
}

/** Returns a difference with its sign. */
export function formatDifference(difference: number, digits = 0): string {
  return new Intl.NumberFormat(LOCALE, {
    signDisplay: "exceptZero",
    maximumFractionDigits: digits,
  }).format(difference);
}

/** Returns a size, in units of 1,000. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), BYTE_UNITS.length - 1);
  return formatUnit(bytes / 1_000 ** power, BYTE_UNITS[power] ?? "byte", power > 0 ? 1 : 0);
}

/** Returns a duration in its two largest units; milliseconds below a second. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return formatUnit(ms, "millisecond", ms < 10 ? 1 : 0);
  if (ms < 10_000) return formatUnit(ms / 1_000, "second", 1);
  let rest = Math.round(ms / 1_000) * 1_000;
  const parts: string[] = [];
  for (const [unit, size] of DURATION_UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(formatUnit(count, unit, 0));
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

function formatUnit(value: number, unit: string, digits: number): string {
  return new Intl.NumberFormat(LOCALE, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** Returns hexadecimal digits in groups of four, which a reader can compare. */
export function formatHex(digits: string): string {
  return digits.replace(/(.{4})(?=.)/g, "$1 ");
}

/** Returns a day: `24 Nov 2026`. `timeZone` is the reader's if absent. */
export function formatDay(value: string | number, timeZone?: string): string {
  return new Intl.DateTimeFormat(LOCALE, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone,
  }).format(new Date(value));
}

/** Returns a day and time to the minute, with the zone. */
export function formatMinute(value: string | number, timeZone?: string): string {
  return new Intl.DateTimeFormat(LOCALE, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
    timeZoneName: "short",
  }).format(new Date(value));
}

/** Returns a time of day with seconds. */
export function formatClock(value: string | number): string {
  return new Intl.DateTimeFormat(LOCALE, { timeStyle: "medium", hourCycle: "h23" }).format(new Date(value));
}

/** Returns a span as `3 Nov, 14:00 – 15:00`; the year only if it is not this one. */
export function formatSpan(startMs: number, endMs: number, timeZone?: string): string {
  const isThisYear = new Date(startMs).getFullYear() === new Date().getFullYear();
  const format = new Intl.DateTimeFormat(LOCALE, {
    ...(isThisYear ? {} : { year: "numeric" }),
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  return format.formatRange(startMs, endMs);
}

/** Returns a day or several, both ends included: `Tue, 3 Nov – Thu, 5 Nov`. */
export function formatDays(startMs: number, endMs: number, timeZone?: string): string {
  const format = new Intl.DateTimeFormat(LOCALE, {
    weekday: "short",
    month: "short",
    day: "numeric",
    timeZone,
  });
  return format.formatRange(startMs, endMs);
}

/** Returns a function that writes the labels of an axis whose marks are `stepMs` apart. */
export function makeAxisFormat(stepMs: number, timeZone?: string): (ms: number) => string {
  const options: Intl.DateTimeFormatOptions =
    stepMs < DAY_MS
      ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
      : stepMs < 28 * DAY_MS
        ? { month: "short", day: "numeric" }
        : { year: "numeric", month: "short" };
  const format = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone });
  return (ms) => format.format(ms);
}

/** Returns the browser's time zone: `Europe/Berlin (GMT+1)`. */
export function formatZone(): string {
  const format = new Intl.DateTimeFormat(LOCALE, { timeZoneName: "shortOffset" });
  const offset = format.formatToParts().find(({ type }) => type === "timeZoneName")?.value;
  const name = format.resolvedOptions().timeZone;
  return offset === undefined || offset === name ? name : `${name} (${offset})`;
}
