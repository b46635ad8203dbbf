import { VerificationError } from "./problems";

export type Bytes = Uint8Array<ArrayBuffer>;

const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Returns whether the text has no lone surrogate, so that its UTF-8 says the same. */
export function isUnicode(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

export function encodeUtf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function encodeBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * Returns the bytes of standard base64 with padding, written in its only canonical form.
 *
 * Throws a VerificationError: the text is not such base64.
 */
export function decodeBase64(text: string): Bytes {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new VerificationError("base64");
  }
  if (btoa(binary) !== text) throw new VerificationError("base64");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
