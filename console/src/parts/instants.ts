import { DAY_MS, HOUR_MS, MINUTE_MS } from "../durations";
import { LOCALE } from "../format";

/** Whose clock shows instants: the browser's zone, or UTC. */
export type Zone = "local" | "utc";

/** Returns the name of a zone for `Intl`; the browser's own has none. */
export const getTimeZone = (zone: Zone) => (zone === "utc" ? "UTC" : undefined);

export type InstantForm = "full" | "second" | "short";

const SHORT: Intl.DateTimeFormatOptions = {
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
};
const OPTIONS: Readonly<Record<InstantForm, Intl.DateTimeFormatOptions>> = {
  short: SHORT,
  second: { ...SHORT, year: "numeric" },
  full: { ...SHORT, year: "numeric", fractionalSecondDigits: 3, timeZoneName: "short" },
};
const UNITS = [
  ["year", 365 * DAY_MS],
  ["month", 30 * DAY_MS],
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
] as const;

const formats = new Map<string, Intl.DateTimeFormat>();
let relative: Intl.RelativeTimeFormat | null = null;

function getFormat(zone: Zone, form: InstantForm): Intl.DateTimeFormat {
  const key = `${zone} ${form}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(LOCALE, { ...OPTIONS[form], timeZone: getTimeZone(zone) });
    formats.set(key, format);
  }
  return format;
}

/** Returns a date and time. The short form has the year only if it is not that of `nowMs`. */
export function formatInstant(ms: number, zone: Zone, form: InstantForm, nowMs: number): string {
  const isThisYear = new Date(ms).getUTCFullYear() === new Date(nowMs).getUTCFullYear();
  return getFormat(zone, form === "short" && !isThisYear ? "second" : form).format(ms);
}

/** Returns how long ago it was, in the largest unit that fits; below a minute, now. */
export function formatRelative(ms: number, nowMs: number): string {
  const difference = ms - nowMs;
  // Not before it is needed: the first one of a page takes many milliseconds.
  relative ??= new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "short" });
  for (const [unit, size] of UNITS) {
    if (Math.abs(difference) >= size) return relative.format(Math.trunc(difference / size), unit);
  }
  return relative.format(0, "second");
}

/** Returns the name of the zone: `UTC`, `Europe/Berlin`. */
export function getZoneName(zone: Zone): string {
  return zone === "utc" ? "UTC" : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
