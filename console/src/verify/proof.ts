/** Proofs that a checkpoint covers an entry: C2SP tlog-proof. */
import { type Bytes, decodeBase64 } from "./bytes";
import { type Checkpoint, HASH_LENGTH, parseCheckpoint, parseNumber } from "./checkpoint";
import { MAX_NOTE_LENGTH, type Note, parseNote } from "./note";
import { VerificationError } from "./problems";

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const EXTRA = "extra ";
const INDEX = "index ";
const MAX_HASHES = 63;

/** A proof that a checkpoint's log has an entry at an index. Nothing in it is verified. */
export interface Proof {
  readonly index: bigint;
  readonly hashes: readonly Bytes[];
  readonly note: Note;
  readonly noteText: string;
  readonly checkpoint: Checkpoint;
}

/** Returns the proof in a text. Throws a VerificationError. */
export function parseProof(text: string): Proof {
  if (text.length > MAX_NOTE_LENGTH) throw new VerificationError("tooLong");
  const end = text.indexOf("\n\n");
  const [first, ...rest] = text.slice(0, Math.max(end, 0)).split("\n");
  if (first !== FIRST_LINE) throw new VerificationError("proofForm");
  if (rest[0]?.startsWith(EXTRA)) decodeBase64(rest.shift()?.slice(EXTRA.length) ?? "");
  const line = rest.shift();
  if (!line?.startsWith(INDEX) || rest.length > MAX_HASHES) throw new VerificationError("proofForm");
  const hashes = rest.map(decodeBase64);
  if (hashes.some((hash) => hash.length !== HASH_LENGTH)) throw new VerificationError("proofForm");
  const noteText = text.slice(end + 2);
  const note = parseNote(noteText);
  const index = parseNumber(line.slice(INDEX.length));
  return { index, hashes, note, noteText, checkpoint: parseCheckpoint(note) };
}
