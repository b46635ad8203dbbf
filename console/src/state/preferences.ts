import { effect, signal, type Signal } from "@preact/signals";
import type { Zone } from "../parts/instants";

export type Theme = "system" | "light" | "dark";
export type TimeStyle = "relative" | "absolute";

/** What a reader chose, kept in the browser. */
export interface Preferences {
  readonly theme: Theme;
  readonly timeStyle: TimeStyle;
  /** The zone of absolute times: the browser's, or UTC. */
  readonly zone: Zone;
  /** Whether single letters are commands (`j`, `k`, `/`, `?`). */
  readonly hasLetterKeys: boolean;
  /** Names of the trail's columns, in their order. */
  readonly columns: readonly string[];
  /** The tenants used last, the latest first. */
  readonly tenants: readonly string[];
}

const MAX_RECENT = 8;

/** Returns the names with this one first, without those that were not used for long. */
export function addRecent(names: readonly string[], name: string): readonly string[] {
  if (!name) return names;
  return [name, ...names.filter((each) => each !== name)].slice(0, MAX_RECENT);
}

export const DEFAULT_PREFERENCES: Preferences = {
  theme: "system",
  timeStyle: "absolute",
  zone: "local",
  hasLetterKeys: true,
  columns: ["time", "actor", "action", "resource", "outcome", "ipAddress"],
  tenants: [],
};
const KEY = "prooftrail.preferences";

/** Returns the preferences; a change of the signal is kept in `storage`. */
export function openPreferences(storage: Storage | null): Signal<Preferences> {
  const preferences = signal(readPreferences(storage));
  let isFirst = true;
  effect(() => {
    const text = JSON.stringify(preferences.value);
    if (isFirst) isFirst = false;
    else keep(storage, text);
  });
  return preferences;
}

function keep(storage: Storage | null, text: string): void {
  try {
    storage?.setItem(KEY, text);
  } catch {
    // The storage is full or forbidden: the choice holds until the page is closed.
  }
}

function readPreferences(storage: Storage | null): Preferences {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? "{}");
    return { ...DEFAULT_PREFERENCES, ...(kept as Partial<Preferences>) };
  } catch {
    return DEFAULT_PREFERENCES;
  }
}
