/** Checkpoints: C2SP tlog-checkpoint. */
import { type Bytes, areEqual, decodeBase64, toHex } from "./bytes";
import type { Note } from "./note";
import { VerificationError } from "./problems";

export const HASH_LENGTH = 32;
const MAX_SIZE = 1n << 63n;
const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/;
const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** The state of a log: its name, its number of entries, and the root hash over them. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Bytes;
}

/** Returns the checkpoint in a note. Extension lines are not supported. Throws a VerificationError. */
export function parseCheckpoint(note: Note): Checkpoint {
  const lines = note.text.slice(0, -1).split("\n");
  const [origin, size, root] = lines;
  if (lines.length !== 3 || !origin || size === undefined || root === undefined) {
    throw new VerificationError("checkpointForm");
  }
  const checkpoint = { origin, size: parseNumber(size), root: decodeBase64(root) };
  const isEmpty = checkpoint.size === 0n;
  if (
    checkpoint.root.length !== HASH_LENGTH ||
    (isEmpty && toHex(checkpoint.root) !== EMPTY_ROOT)
  ) {
    throw new VerificationError("checkpointForm");
  }
  return checkpoint;
}

/** Returns a size or an index: decimal, without leading zeros, below 2^63. */
export function parseNumber(text: string): bigint {
  const number = NUMBER.test(text) ? BigInt(text) : MAX_SIZE;
  if (number >= MAX_SIZE) throw new VerificationError("checkpointForm");
  return number;
}

export function isSameState(left: Checkpoint, right: Checkpoint): boolean {
  return left.size === right.size && areEqual(left.root, right.root);
}
