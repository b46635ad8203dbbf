/** What a key does in the trail. */
export type Command =
  | "next"
  | "previous"
  | "pageDown"
  | "pageUp"
  | "first"
  | "last"
  | "open"
  | "close"
  | "filter"
  | "help";

/** Where a key was pressed. */
export interface KeyPress {
  readonly key: string;
  /** Control, Meta or Alt was held. */
  readonly isModified: boolean;
  /** In a field or a dialog, which have their own keys; in a row of the list; on nothing; or on another control. */
  readonly on: "field" | "row" | "nothing" | "control";
  readonly hasLetterKeys: boolean;
}

const LETTERS: Readonly<Record<string, Command>> = { j: "next", k: "previous", "/": "filter", "?": "help" };
const IN_ROW: Readonly<Record<string, Command>> = {
  ArrowDown: "next",
  ArrowUp: "previous",
  PageDown: "pageDown",
  PageUp: "pageUp",
  Home: "first",
  End: "last",
};

/** Returns what a key does, or null for nothing of ours. */
export function findCommand({ key, isModified, on, hasLetterKeys }: KeyPress): Command | null {
  if (isModified || on === "field") return null;
  if (key === "Escape") return "close";
  if (key === "Enter") return on === "row" || on === "nothing" ? "open" : null;
  if (on === "row" && IN_ROW[key]) return IN_ROW[key];
  return hasLetterKeys ? (LETTERS[key] ?? null) : null;
}

/** Reads a key event, wherever in the document or shadow tree it began. */
export function readKeyPress(event: KeyboardEvent, hasLetterKeys: boolean): KeyPress {
  const isModified = event.ctrlKey || event.metaKey || event.altKey;
  return { key: event.key, isModified, on: findPlace(event.composedPath()[0]), hasLetterKeys };
}

function findPlace(target: EventTarget | undefined): KeyPress["on"] {
  if (!(target instanceof Element)) return "nothing";
  if (target.closest("input, textarea, select, [contenteditable], [role=dialog]")) return "field";
  if (target.matches("[role=row]")) return "row";
  return target.closest("a, button, summary, dialog, [tabindex='0']") ? "control" : "nothing";
}
