/** SHA-256 and Ed25519, by WebCrypto. */
import { type Bytes, fromHex } from "./bytes";

/** Returns whether the page has WebCrypto: only pages of HTTPS or of this machine have it. */
export function hasCrypto(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

export async function sha256(content: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content));
}

/** Returns whether this is the key's signature (RFC 8032) of the message. Other sizes are not. */
export async function isSignature(key: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, message);
  } catch {
    return false;
  }
}

// RFC 8032, 7.1, test 2
const KEY = fromHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
const SIGNATURE = fromHex(
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
);

/** Returns whether this browser verifies Ed25519: it accepts a known signature, and no other. */
export async function hasEd25519(): Promise<boolean> {
  const [right, wrong] = await Promise.all([
    isSignature(KEY, SIGNATURE, Uint8Array.of(0x72)),
    isSignature(KEY, SIGNATURE, Uint8Array.of(0x73)),
  ]);
  return right && !wrong;
}
