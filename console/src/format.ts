import { texts } from "./texts";

/** The reader's locale if it is of the texts' language, else that language: one page, one language. */
export const LOCALE: string = findLocale(globalThis.navigator?.languages ?? [], texts.language);

export function findLocale(wanted: readonly string[], language: string): string {
  return wanted.find((each) => each === language || each.startsWith(`${language}-`)) ?? language;
}

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const DURATION_UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

export function formatNumber(value: number, digits = 0): string {
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
