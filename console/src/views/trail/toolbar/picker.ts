import { MINUTE_MS } from "../../../durations";
import type { Zone } from "../../../parts/instants";
import type { Range } from "../../../state/filters";

/** Returns an instant as the value of a `datetime-local` field, to the minute. */
export function toLocal(ms: number, zone: Zone): string {
  if (zone === "utc") return new Date(ms).toISOString().slice(0, "2026-11-24T08:00".length);
  const date = new Date(ms);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

const parseLocal = (text: string, zone: Zone) => Date.parse(zone === "utc" ? `${text}Z` : text);

/** Returns the range between two values of `datetime-local` fields, or the reason that they are no range. */
export function readPicker(start: string, end: string, zone: Zone): Range | "missing" | "reversed" {
  const startMs = parseLocal(start, zone);
  const endMs = parseLocal(end, zone);
  if (!start || !end || Number.isNaN(startMs) || Number.isNaN(endMs)) return "missing";
  if (startMs >= endMs) return "reversed";
  return {
    kind: "fixed",
    start: new Date(startMs).toISOString(),
    end: new Date(endMs).toISOString(),
  };
}

/** Returns the instants that the picker begins with: the range's, up to the next minute. */
export function getBounds(range: Range, hours: number, nowMs: number): { startMs: number; endMs: number } {
  if (range.kind === "fixed") return { startMs: Date.parse(range.start), endMs: Date.parse(range.end) };
  const endMs = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS;
  return { startMs: endMs - hours * 60 * MINUTE_MS, endMs };
}
