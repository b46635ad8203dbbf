/** Compares the event that a page shows with the event in a bundle. */
import { canonicalize } from "../canonical";
import { toHex } from "./bytes";
import type { Bundle, Receipt } from "./bundle";
import { type Fact, VerificationError } from "./problems";

const MAX_DIFFERENCES = 20;
/** What a response has of the receipt, which is not of the event. */
const RECEIPT: readonly string[] = ["receivedAt", "submittedBy"];

/**
 * Verify that the shown event has the bundle's id, digest and fields, and no others.
 *
 * Fields of which something is masked are not compared.
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
  const leftOut = [...RECEIPT, "masked", ...listMaskedFields(shown["masked"])];
  const facts: Fact[] = [];
  for (const name of names) {
    if (leftOut.includes(name)) continue;
    const [left, right] = [encode(shown[name]), encode(proved[name])];
    if (left !== right) {
      facts.push({ name: "field", kind: "difference", field: name, shown: left, proved: right });
    }
  }
  if (facts.length > 0) {
    throw new VerificationError("shownDiffers", facts.slice(0, MAX_DIFFERENCES));
  }
}

/** Returns the fields that JSON Pointers lead into. */
function listMaskedFields(pointers: unknown): readonly string[] {
  if (!Array.isArray(pointers)) return [];
  return pointers.map((pointer) => String(pointer).split("/")[1] ?? "");
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

/** Returns the canonical form of a JSON value; an absent one as "". */
function encode(value: unknown): string {
  return value === undefined ? "" : canonicalize(value);
}
