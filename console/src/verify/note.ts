/** Signed notes and verifier keys: C2SP signed-note, with the types of tlog-cosignature. */
import { type Bytes, concat, decodeBase64, encodeUtf8, toHex } from "./bytes";
import { sha256 } from "./crypto";
import { VerificationError } from "./problems";

export const MAX_NOTE_LENGTH = 200_000;
const MAX_SIGNATURES = 64;
const MAX_KEY_LENGTH = 4_000;
const KEY_ID_LENGTH = 4;
const START = "\u2014 ";
const FORBIDDEN = /[\x00-\x09\x0b-\x1f\ud800-\udfff]/u;
const KEY_NAME = /^[^\p{White_Space}+]+$/u;
const ED25519 = 0x01;
const ED25519_COSIGNATURE = 0x04;

/** A signature line: the name and id (hex) of the key that it names, and the signature's bytes. */
export interface Signature {
  readonly name: string;
  readonly keyId: string;
  readonly content: Bytes;
}

/** A text and its signatures, none of them verified. The text ends in a newline. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly Signature[];
}

/** The key of a log. `id` and `cosignerId` (hex) name it in signatures and in cosignatures. */
export interface VerifierKey {
  readonly text: string;
  readonly name: string;
  readonly publicKey: Bytes;
  readonly id: string;
  readonly cosignerId: string;
  /** The SHA-256 of the public key, in hex. */
  readonly fingerprint: string;
}

/** Returns the note in a text. Throws a VerificationError. */
export function parseNote(content: string): Note {
  if (content.length > MAX_NOTE_LENGTH) throw new VerificationError("tooLong");
  const end = content.lastIndexOf("\n\n");
  const lines = content.slice(end + 2);
  if (FORBIDDEN.test(content) || end < 0 || !lines.endsWith("\n")) {
    throw new VerificationError("noteForm");
  }
  const signatures = lines.slice(0, -1).split("\n");
  if (signatures.length > MAX_SIGNATURES) throw new VerificationError("noteLines");
  return { text: content.slice(0, end + 1), signatures: signatures.map(parseSignature) };
}

function parseSignature(line: string): Signature {
  const rest = line.startsWith(START) ? line.slice(START.length) : "";
  const space = rest.indexOf(" ");
  const name = rest.slice(0, Math.max(space, 0));
  if (!isKeyName(name)) throw new VerificationError("noteLines");
  const content = decodeBase64(rest.slice(space + 1));
  if (content.length <= KEY_ID_LENGTH) throw new VerificationError("noteLines");
  return {
    name,
    keyId: toHex(content.subarray(0, KEY_ID_LENGTH)),
    content: content.slice(KEY_ID_LENGTH),
  };
}

/** Returns the key of a log in `<name>+<id>+<key>`. Throws a VerificationError. */
export async function parseVerifierKey(text: string): Promise<VerifierKey> {
  const [name = "", id = "", ...rest] = text.slice(0, MAX_KEY_LENGTH + 1).split("+");
  if (text.length > MAX_KEY_LENGTH || !isKeyName(name) || !/^[0-9a-f]{8}$/.test(id)) {
    throw new VerificationError("keyForm");
  }
  const content = decodeBase64(rest.join("+"));
  const publicKey = content.slice(1);
  if (content[0] !== ED25519 || publicKey.length !== 32) throw new VerificationError("keyType");
  const [computed, cosignerId, fingerprint] = await Promise.all([
    computeKeyId(name, ED25519, publicKey),
    computeKeyId(name, ED25519_COSIGNATURE, publicKey),
    sha256(publicKey),
  ]);
  if (computed !== id) throw new VerificationError("keyId");
  return { text, name, publicKey, id, cosignerId, fingerprint: toHex(fingerprint) };
}

async function computeKeyId(name: string, type: number, publicKey: Bytes): Promise<string> {
  const named = concat(encodeUtf8(`${name}\n`), Uint8Array.of(type), publicKey);
  return toHex((await sha256(named)).subarray(0, KEY_ID_LENGTH));
}

function isKeyName(name: string): boolean {
  return KEY_NAME.test(name) && !FORBIDDEN.test(name);
}
