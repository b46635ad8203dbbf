/** Compares the event that a page shows with the event in a bundle. */
import { toHex } from "./bytes";
import type { Bundle, Receipt } from "./bundle";
import { type Fact, VerificationError } from "./problems";

const MAX_DIFFERENCES = 20;
/** What a response adds to the event's own fields. */
const ADDED: readonly string[] = ["id", "digest", "receivedAt", "submittedBy"];

/**
 * Verify that the shown event has the bundle's id, digest and fields, and no others.
 *
 * Throws a VerificationError, with the fields that differ.
 */
export function checkShown(
  shown: Readonly<Record<string, unknown>>,
  bundle: Bundle,
  id: string,
  digest: Uint8Array,
): void {
  const proved: Record<string, unknown> = { ...bundle.event, id, digest: toHex(digest) };
  const names = new Set([...Object.keys(proved), ...Object.keys(shown)]);
  const facts: Fact[] = [];
  for (const name of names) {
    if (ADDED.includes(name) && name !== "id" && name !== "digest") continue;
    const [left, right] = [encode(shown[name]), encode(proved[name])];
    if (left !== right) {
      facts.push({ name: "field", kind: "difference", field: name, shown: left, proved: right });
    }
  }
  if (facts.length > 0) {
    throw new VerificationError("shownDiffers", facts.slice(0, MAX_DIFFERENCES));
  }
}

/** Returns where the receipt of a shown event differs from that of its entry in the log. */
export function listReceiptDifferences(
  shown: Readonly<Record<string, unknown>>,
  { receivedAt, submittedBy }: Receipt,
): readonly Fact[] {
  const proved = { receivedAt: new Date(receivedAt).toISOString(), submittedBy };
  return Object.entries(proved).flatMap(([field, value]): readonly Fact[] => {
    const [left, right] = [encode(shown[field]), encode(value)];
    if (left === right) return [];
    return [{ name: "field", kind: "difference", field, shown: left, proved: right }];
  });
}

/** Returns a JSON value as text, whatever the order of its keys; an absent one as "". */
function encode(value: unknown): string {
  if (value === undefined) return "";
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "number" && !Number.isFinite(part)) return `${part}`; // 1e999 is not null
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(
      Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  });
}
