import type { StoredEvent } from "../../api/types";
import { isArray, isContainer, type Json } from "./json";

/** What readers get beside the event's own fields. */
const ADDED = new Set(["id", "digest", "receivedAt", "submittedBy"]);

/** Returns the RFC 8785 form of a value: keys in the order of UTF-16 units, numbers and texts as ECMAScript does. */
export function canonicalize(value: Json): string {
  if (!isContainer(value)) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalize).join(",")}]`;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalize(item)}`).join(",")}}`;
}

/** Returns the canonical form of an event: its digest is the SHA-256 of these characters in UTF-8. */
export function canonicalizeEvent(event: StoredEvent): string {
  const own = Object.entries(event).filter(([name]) => !ADDED.has(name));
  return canonicalize(Object.fromEntries(own) as Json);
}
