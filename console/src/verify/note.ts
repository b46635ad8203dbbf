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
const ML_DSA_44_COSIGNATURE = 0x06;
/** In bytes, by type. */
const KEY_LENGTHS: Readonly<Record<number, number>> = {
  [ED25519]: 32,
  [ED25519_COSIGNATURE]: 32,
  [ML_DSA_44_COSIGNATURE]: 1312,
};

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

interface Key {
  readonly text: string;
  readonly name: string;
  readonly publicKey: Bytes;
  /** Names the key in signature lines, in hex. */
  readonly id: string;
  /** The SHA-256 of the public key, in hex. */
  readonly fingerprint: string;
}

/** The key of a log. */
export interface VerifierKey extends Key {
  /** Names the key in the log's own cosignatures, in hex. */
  readonly cosignerId: string;
}

/** The key of a witness, with which it cosigns. */
export interface WitnessKey extends Key {
  /** Else it is ML-DSA-44, which browsers cannot verify. */
  readonly isEd25519: boolean;
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
  const { type, ...key } = await parseKey(text);
  if (type !== ED25519) throw new VerificationError("keyType");
  const cosignerId = await computeKeyId(key.name, ED25519_COSIGNATURE, key.publicKey);
  return { ...key, cosignerId };
}

/** Returns the key of a witness in `<name>+<id>+<key>`. Throws a VerificationError. */
export async function parseWitnessKey(text: string): Promise<WitnessKey> {
  const { type, ...key } = await parseKey(text);
  if (type === ED25519) throw new VerificationError("keyType");
  return { ...key, isEd25519: type === ED25519_COSIGNATURE };
}

async function parseKey(text: string): Promise<Key & { readonly type: number }> {
  const [name = "", id = "", ...rest] = text.slice(0, MAX_KEY_LENGTH + 1).split("+");
  if (text.length > MAX_KEY_LENGTH || !isKeyName(name) || !/^[0-9a-f]{8}$/.test(id)) {
    throw new VerificationError("keyForm");
  }
  const content = decodeBase64(rest.join("+"));
  const [type = -1, publicKey] = [content[0], content.slice(1)];
  if (publicKey.length !== KEY_LENGTHS[type]) throw new VerificationError("keyType");
  const [computed, fingerprint] = await Promise.all([
    computeKeyId(name, type, publicKey),
    sha256(publicKey),
  ]);
  if (computed !== id) throw new VerificationError("keyId");
  return { text, name, publicKey, id, fingerprint: toHex(fingerprint), type };
}

async function computeKeyId(name: string, type: number, publicKey: Bytes): Promise<string> {
  const named = concat(encodeUtf8(`${name}\n`), Uint8Array.of(type), publicKey);
  return toHex((await sha256(named)).subarray(0, KEY_ID_LENGTH));
}

function isKeyName(name: string): boolean {
  return KEY_NAME.test(name) && !FORBIDDEN.test(name);
}
