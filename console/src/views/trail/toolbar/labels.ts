import { LOCALE } from "../../../format";
import type { Zone } from "../../../parts/instants";
import type { Range } from "../../../state/filters";
import { texts } from "../../../texts";

/** Returns the name of a zone for `Intl`; the browser's own has none. */
export const getTimeZone = (zone: Zone) => (zone === "utc" ? "UTC" : undefined);

/** Returns what a range is called. */
export function describeRange(range: Range, zone: Zone): string {
  if (range.kind === "all") return texts.range.longAll;
  if (range.kind === "preset") return texts.range.longPresets[range.preset];
  return describeSpan(Date.parse(range.start), Date.parse(range.end), zone);
}

/** Returns a span as `3 Nov, 14:00 – 15:00`; the year only if it is not this one. */
export function describeSpan(startMs: number, endMs: number, zone: Zone): string {
  const isThisYear = new Date(startMs).getFullYear() === new Date().getFullYear();
  const format = new Intl.DateTimeFormat(LOCALE, {
    ...(isThisYear ? {} : { year: "numeric" }),
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: getTimeZone(zone),
  });
  return format.formatRange(startMs, endMs);
}

/** Returns the days of a bar in UTC: one, or the first and the last. */
export function describeDays(startMs: number, endMs: number): string {
  const format = new Intl.DateTimeFormat(LOCALE, {
    weekday: "short",
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  });
  return format.formatRange(startMs, endMs - 1);
}

/** Returns what a zone is called: `Europe/Berlin (GMT+1)`. */
export function describeZone(zone: Zone): string {
  if (zone === "utc") return "UTC";
  const format = new Intl.DateTimeFormat(LOCALE, { timeZoneName: "shortOffset" });
  const offset = format.formatToParts().find(({ type }) => type === "timeZoneName")?.value;
  const name = format.resolvedOptions().timeZone;
  return offset === undefined || offset === name ? name : `${name} (${offset})`;
}
