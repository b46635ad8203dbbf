import { minute } from "../state/clock";
import { useConsole } from "../state/context";
import { formatInstant, formatRelative, type InstantForm } from "./instants";
import { Untrusted } from "./untrusted";

interface Props {
  /** ISO 8601. */
  readonly value: string;
  /**
   * `full` has milliseconds and the zone. The others end with the second, and what is around has to
   * name the zone; `short` leaves out the year if it is this one.
   */
  readonly form?: InstantForm;
}

/** An instant as the reader prefers it: relative, or absolute. The title has the other. */
export function Time({ value, form = "full" }: Props) {
  const { preferences } = useConsole();
  const { timeStyle, zone } = preferences.value;
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) return <Untrusted text={value} />;
  const nowMs = Math.max(minute.value, Date.now());
  const ago = formatRelative(ms, nowMs);
  const full = formatInstant(ms, zone, "full", nowMs);
  const isRelative = timeStyle === "relative";
  return (
    <time dateTime={value} title={isRelative || form !== "full" ? `${full} (${ago})` : ago}>
      {isRelative ? ago : formatInstant(ms, zone, form, nowMs)}
    </time>
  );
}
