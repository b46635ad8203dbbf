/** Proof bundles (`auditlog-bundle/v1` and `/v2`) and the log's entries. */
import { type Bytes, encodeUtf8, isUnicode, toHex } from "./bytes";
import { sha256 } from "./crypto";
import { VerificationError } from "./problems";
import { parseProof, type Proof } from "./proof";

const FORMAT_1 = "auditlog-bundle/v1";
const FORMAT_2 = "auditlog-bundle/v2";
const MAX_BUNDLE_LENGTH = 8_000_000;
const MAX_SUBMITTER_LENGTH = 512;
const MAX_TIME_MS = 253_402_300_799_999;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** What a bundle is outside of its texts: an object of texts and integers, in one level. */
const OUTLINE = /^\{(?::(?:0|[1-9][0-9]{0,15})?,?)+\}$/;

/** When an event was received, in ms since 1970, and from whom. */
export interface Receipt {
  readonly receivedAt: number;
  readonly submittedBy: string;
}

/** An event and its proof, neither of them verified. `canonical` is the event as it arrived. */
export interface Bundle {
  readonly format: string;
  readonly id: string;
  readonly canonical: Bytes;
  readonly event: Readonly<Record<string, unknown>>;
  /** The event's time, in ms since 1970. */
  readonly timeMs: number;
  readonly proof: Proof;
  /** That of the entry, null if the entry has version 1. */
  readonly receipt: Receipt | null;
}

/** Returns the bundle in a response's text. Throws a VerificationError: it is not a bundle. */
export function parseBundle(text: string): Bundle {
  const { format, id, event, proof, ...rest } = parseFlatObject(text);
  if (format !== FORMAT_1 && format !== FORMAT_2) throw new VerificationError("bundleFormat");
  if (typeof id !== "string" || typeof event !== "string" || typeof proof !== "string") {
    throw new VerificationError("bundleFields");
  }
  if (!isUnicode(event)) throw new VerificationError("bundleUnicode");
  const fields = parseEvent(event);
  return {
    format,
    id,
    canonical: encodeUtf8(event),
    event: fields,
    timeMs: parseTimestamp(fields["timestamp"]),
    receipt: parseReceipt(format, rest),
    proof: parseProof(proof),
  };
}

/** Returns a JSON object of texts and integers. A key that is there twice is refused. */
function parseFlatObject(text: string): Record<string, unknown> {
  if (text.length > MAX_BUNDLE_LENGTH) throw new VerificationError("tooLong");
  const content = parseJson(text);
  if (content === null) throw new VerificationError("bundleJson");
  const outline = removeTexts(text);
  const colons = outline.split(":").length - 1;
  if (!OUTLINE.test(outline) || colons !== Object.keys(content).length) {
    throw new VerificationError("bundleFields");
  }
  return content;
}

/** Returns valid JSON without its texts and white space. */
function removeTexts(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf('"', at);
    if (start < 0) break;
    parts.push(text.slice(at, start));
    let end = text.indexOf('"', start + 1);
    while (countBackslashes(text, end) % 2 === 1) end = text.indexOf('"', end + 1);
    at = end + 1;
  }
  return [...parts, text.slice(at)].join("").replace(/[ \t\r\n]/g, "");
}

function countBackslashes(text: string, end: number): number {
  let count = 0;
  while (text.charAt(end - 1 - count) === "\\") count++;
  return count;
}

function parseEvent(text: string): Record<string, unknown> {
  const event = parseJson(text);
  if (event === null) throw new VerificationError("bundleEvent");
  return event;
}

/** Returns the JSON object in a text, or null if the text is not a JSON object. */
function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function parseTimestamp(text: unknown): number {
  const time = typeof text === "string" && TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN;
  if (!(time >= 0 && time <= MAX_TIME_MS) || new Date(time).toISOString() !== text) {
    throw new VerificationError("bundleEvent");
  }
  return time;
}

function parseReceipt(format: string, rest: Readonly<Record<string, unknown>>): Receipt | null {
  if (format === FORMAT_1 && Object.keys(rest).length === 0) return null;
  const { receivedAt, submittedBy, ...others } = rest;
  if (
    format === FORMAT_2 &&
    Object.keys(others).length === 0 &&
    typeof receivedAt === "number" &&
    Number.isInteger(receivedAt) &&
    receivedAt >= 0 &&
    receivedAt <= MAX_TIME_MS &&
    typeof submittedBy === "string" &&
    submittedBy.length <= MAX_SUBMITTER_LENGTH &&
    /^[ -~]+$/.test(submittedBy)
  ) {
    return { receivedAt, submittedBy };
  }
  throw new VerificationError("bundleFields");
}

/** Returns the log's entry (RFC 8785 JSON) of the event with this id, digest and receipt. */
export async function encodeEntry(
  id: string,
  digest: Bytes,
  receipt: Receipt | null,
): Promise<Bytes> {
  const start = `{"digest":"${toHex(digest)}","id":"${id}",`;
  if (receipt === null) return encodeUtf8(`${start}"v":1}`);
  const submitter = toHex(await sha256(encodeUtf8(receipt.submittedBy)));
  const rest = `"receivedAt":${receipt.receivedAt},"submitter":"${submitter}","v":2}`;
  return encodeUtf8(start + rest);
}
