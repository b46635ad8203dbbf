/** What a reader trusts of a log, kept in the browser: pinned keys, and the newest checkpoint seen. */
import type { Settings } from "../settings";
import { parseCheckpoint } from "../verify/checkpoint";
import { parseNote } from "../verify/note";
import type { Result, SeenCheckpoint } from "../verify/verify";

export interface Trust {
  /** The verifier key that the reader has pinned, null without one. */
  readonly pinned: string | null;
  readonly seen: SeenCheckpoint | null;
  /** The verifier keys of witnesses that the reader has pinned. */
  readonly witnesses: readonly string[];
}

/** `problem`: the browser keeps nothing (`storageRefused`), or what it kept cannot be read. */
export interface Memory {
  readonly trust: Trust;
  readonly problem: "storageRefused" | "storageDamaged" | null;
}

const NOTHING: Trust = { pinned: null, seen: null, witnesses: [] };
const PREFIX = "prooftrail.trust ";

/** Returns the name under which this browser remembers a log: other logs at this origin have other names. */
export function nameLog({ api, stack, log }: Settings, origin: string): string {
  return [api || origin, stack, log].filter(Boolean).join(" ");
}

/** Keeps the trust in the log at one address. Each change returns whether the browser kept it. */
export class TrustStore {
  private readonly name: string;

  /** `address` is the name that `nameLog` returns. */
  constructor(
    private readonly storage: Storage | null,
    address: string,
  ) {
    this.name = PREFIX + address;
  }

  read(): Memory {
    let text: string | null;
    try {
      if (this.storage === null) return { trust: NOTHING, problem: "storageRefused" };
      text = this.storage.getItem(this.name);
    } catch {
      return { trust: NOTHING, problem: "storageRefused" };
    }
    if (text === null) return { trust: NOTHING, problem: null };
    const trust = parseTrust(text);
    if (trust === null) return { trust: NOTHING, problem: "storageDamaged" };
    return { trust, problem: null };
  }

  /** Pin a key. A checkpoint that another key has signed is forgotten. */
  pin(key: string): boolean {
    const { trust } = this.read();
    const seen = trust.seen?.key === key ? trust.seen : null;
    return this.write({ ...trust, pinned: key, seen });
  }

  unpin(): boolean {
    return this.write({ ...this.read().trust, pinned: null });
  }

  /** Pin the key of a witness. What cannot be read is kept, until the reader forgets it. */
  pinWitness(key: string): boolean {
    const { trust, problem } = this.read();
    if (problem !== null) return false;
    return this.write({ ...trust, witnesses: [...new Set([...trust.witnesses, key])] });
  }

  unpinWitness(key: string): boolean {
    const { trust, problem } = this.read();
    if (problem !== null) return false;
    return this.write({ ...trust, witnesses: trust.witnesses.filter((each) => each !== key) });
  }

  /** Forget the pinned keys and the checkpoint. */
  forget(): boolean {
    return this.write(NOTHING);
  }

  /** Keep the checkpoint of a result if it is verified and newer than the one that is kept. */
  see({ verdict, checkpoint, note, key }: Result): boolean {
    if (verdict !== "verified" || !checkpoint || note === null || key === null) return true;
    const { trust, problem } = this.read();
    if (problem !== null) return false;
    const { pinned, seen } = trust;
    if (pinned !== null && pinned !== key.text) return true; // another tab has pinned it meanwhile
    if (seen !== null && parseCheckpoint(parseNote(seen.note)).size >= checkpoint.size) return true;
    return this.write({ ...trust, seen: { key: key.text, note } });
  }

  private write(trust: Trust): boolean {
    try {
      this.storage?.setItem(this.name, JSON.stringify(trust));
      return this.storage !== null;
    } catch {
      return false; // The storage is full or forbidden.
    }
  }
}

function parseTrust(text: string): Trust | null {
  try {
    const content = JSON.parse(text) as Record<keyof Trust, unknown>;
    const { pinned, seen, witnesses = [] } = content; // an earlier version kept no witnesses
    if (pinned !== null && typeof pinned !== "string") return null;
    if (!isListOfTexts(witnesses)) return null;
    if (seen === null) return { pinned, seen, witnesses };
    const { key, note } = seen as Record<keyof SeenCheckpoint, unknown>;
    if (typeof key !== "string" || typeof note !== "string") return null;
    parseCheckpoint(parseNote(note));
    return { pinned, seen: { key, note }, witnesses };
  } catch {
    return null;
  }
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
