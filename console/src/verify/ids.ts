/** Event ids: ULIDs of an event's time and the first ten bytes of its digest. */
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ID_LENGTH = 26;
const TIME_LENGTH = 10;

/** Returns the id of the event with this time (milliseconds since 1970) and digest. */
export function makeId(timeMs: number, digest: Uint8Array): string {
  let number = BigInt(timeMs);
  for (const byte of digest.subarray(0, 10)) number = (number << 8n) | BigInt(byte);
  let id = "";
  for (let at = 0; at < ID_LENGTH; at++) {
    id = CROCKFORD.charAt(Number(number & 31n)) + id;
    number >>= 5n;
  }
  return id;
}

/** Returns the part of an id that comes from the digest. */
export function getDigestPart(id: string): string {
  return id.slice(TIME_LENGTH);
}
