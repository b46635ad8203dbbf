import { formatDays, formatSpan, formatZone } from "../../../format";
import { getTimeZone, type Zone } from "../../../parts/instants";
import type { Range } from "../../../state/filters";
import { texts } from "../../../texts";

/** Returns what a range is called. */
export function describeRange(range: Range, zone: Zone): string {
  if (range.kind === "all") return texts.range.longAll;
  if (range.kind === "preset") return texts.range.longPresets[range.preset];
  return describeSpan(Date.parse(range.start), Date.parse(range.end), zone);
}

export function describeSpan(startMs: number, endMs: number, zone: Zone): string {
  return formatSpan(startMs, endMs, getTimeZone(zone));
}

/** Returns the days of a bar in UTC: one, or the first and the last. */
export function describeDays(startMs: number, endMs: number): string {
  return formatDays(startMs, endMs - 1, "UTC");
}

/** Returns what a zone is called: `Europe/Berlin (GMT+1)`. */
export function describeZone(zone: Zone): string {
  return zone === "utc" ? "UTC" : formatZone();
}
