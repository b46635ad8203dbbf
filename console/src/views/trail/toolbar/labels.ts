import type { Range } from "../../../state/filters";
import { texts } from "../../../texts";

/** Returns what a range is called, in the reader's zone. */
export function describeRange(range: Range): string {
  if (range.kind === "all") return texts.range.longAll;
  if (range.kind === "preset") return texts.range.longPresets[range.preset];
  return describeSpan(Date.parse(range.start), Date.parse(range.end));
}

/** Returns a span as `3 Nov, 14:00 – 15:00`; the year only if it is not this one. */
export function describeSpan(startMs: number, endMs: number, timeZone?: string): string {
  const isThisYear = new Date(startMs).getFullYear() === new Date().getFullYear();
  const format = new Intl.DateTimeFormat(undefined, {
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

/** Returns the days of a bar in UTC: one, or the first and the last. */
export function describeDays(startMs: number, endMs: number): string {
  const format = new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  });
  return format.formatRange(startMs, endMs - 1);
}

/** Returns the reader's zone: `Europe/Berlin (GMT+1)`. */
export function describeZone(): string {
  const format = new Intl.DateTimeFormat(undefined, { timeZoneName: "shortOffset" });
  const offset = format.formatToParts().find(({ type }) => type === "timeZoneName")?.value;
  const zone = format.resolvedOptions().timeZone;
  return offset === undefined || offset === zone ? zone : `${zone} (${offset})`;
}

export const formatCount = (count: number) => new Intl.NumberFormat().format(count);
