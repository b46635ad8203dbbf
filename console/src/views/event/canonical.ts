import type { StoredEvent } from "../../api/types";
import { canonicalize } from "../../canonical";

/** What readers get beside the event's own fields. */
const ADDED = new Set(["id", "digest", "receivedAt", "submittedBy", "masked"]);

/** Returns the canonical form of an event: its digest is the SHA-256 of these characters in UTF-8. */
export function canonicalizeEvent(event: StoredEvent): string {
  const own = Object.entries(event).filter(([name]) => !ADDED.has(name));
  return canonicalize(Object.fromEntries(own));
}
