import { formatDays, formatSpan, formatZone } from "../../../format";
import { getTimeZone, type Zone } from "../../../parts/instants";
import type { Range } from "../../../state/filters";
import { texts } from "../../../texts";
import type { Bar } from "./series";

/** Returns what a range is called. */
export function describeRange(range: Range, zone: Zone): string {
  if (range.kind === "all") return texts.range.longAll;
  if (range.kind === "preset") return texts.range.longPresets[range.preset];
  return describeSpan(Date.parse(range.start), Date.parse(range.end), zone);
}

export function describeSpan(startMs: number, endMs: number, zone: Zone): string {
  return formatSpan(startMs, endMs, getTimeZone(zone));
}

/** Returns when a bar is. Days are those of UTC, whatever the zone, so they name it: `Tue, 24 Nov (UTC)`. */
export function describeBar({ startMs, endMs }: Bar, isByDay: boolean, zone: Zone): string {
  return isByDay ? texts.histogram.utc(formatDays(startMs, endMs - 1, "UTC")) : describeSpan(startMs, endMs, zone);
}

/** Returns what a zone is called: `Europe/Berlin (GMT+1)`. */
export function describeZone(zone: Zone): string {
  return zone === "utc" ? "UTC" : formatZone();
}
