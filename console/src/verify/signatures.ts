/** Signatures and cosignatures of checkpoints: C2SP signed-note and tlog-cosignature. */
import { MINUTE_MS } from "../durations";
import { type Bytes, encodeUtf8 } from "./bytes";
import { isSignature } from "./crypto";
import type { Note, Signature, VerifierKey } from "./note";
import { VerificationError } from "./problems";

/** How far the log's clock and this machine's may be apart. */
export const MAX_AHEAD_MS = 5 * MINUTE_MS;

const TIME_LENGTH = 8;
const MAX_TIME = (1n << 63n) - 1n;
/** The last second of the year 9999. */
export const MAX_SECONDS = 253_402_300_799n;

/**
 * Verify that the log with this key has signed the note.
 *
 * Throws a VerificationError: it has not, or a signature that names the key is not valid.
 */
export async function checkLogSignature(note: Note, key: VerifierKey): Promise<void> {
  const lines = note.signatures.filter((line) => isNamed(line, key.name, key.id));
  if (lines.length === 0) throw new VerificationError("notSigned");
  for (const line of lines) {
    const isValid = await isSignature(key.publicKey, line.content, encodeUtf8(note.text));
    if (!isValid) throw new VerificationError("signatureInvalid");
  }
}

/**
 * Returns when the log last said that the checkpoint is its latest, in ms; null if it did not say.
 *
 * Throws a VerificationError: such a cosignature is not valid.
 */
export async function findSigningTime(note: Note, key: VerifierKey): Promise<number | null> {
  let latest: number | null = null;
  for (const line of note.signatures) {
    if (!isNamed(line, key.name, key.cosignerId)) continue;
    const seconds = await checkCosignature(note.text, line.content, key.publicKey);
    if (seconds > MAX_SECONDS) throw new VerificationError("cosignatureInvalid");
    latest = Math.max(latest ?? 0, Number(seconds) * 1000);
  }
  return latest;
}

/** Returns the time of a `cosignature/v1`, in seconds. Throws a VerificationError: it is not valid. */
export async function checkCosignature(
  text: string,
  content: Bytes,
  publicKey: Bytes,
): Promise<bigint> {
  if (content.length !== TIME_LENGTH + 64) throw new VerificationError("cosignatureInvalid");
  const seconds = new DataView(content.buffer, content.byteOffset).getBigUint64(0);
  const message = encodeUtf8(formatCosignedMessage(text, seconds));
  const isValid = await isSignature(publicKey, content.slice(TIME_LENGTH), message);
  if (seconds === 0n || seconds > MAX_TIME || !isValid) {
    throw new VerificationError("cosignatureInvalid");
  }
  return seconds;
}

/** Returns what is signed to cosign a checkpoint's text at a time, in seconds. */
export function formatCosignedMessage(text: string, seconds: bigint): string {
  return `cosignature/v1\ntime ${seconds}\n${text}`;
}

/** Returns the signature lines of witnesses: those that name neither of the log's two keys. */
export function listWitnessLines(note: Note, key: VerifierKey): readonly Signature[] {
  return note.signatures.filter(
    (line) => !isNamed(line, key.name, key.id) && !isNamed(line, key.name, key.cosignerId),
  );
}

/** Returns whether the line names the key with this name and id. The signature is not verified. */
export function isNamed(line: Signature, name: string, keyId: string): boolean {
  return line.name === name && line.keyId === keyId;
}
