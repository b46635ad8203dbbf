/** Whether a log still begins with what a checkpoint seen before covered. */
import { decodeBase64, encodeBase64 } from "./bytes";
import { type Checkpoint, isSameState } from "./checkpoint";
import { verifyConsistency } from "./merkle";
import { type Fact, VerificationError } from "./problems";

/**
 * Returns the hashes, in base64, that prove that the log of one checkpoint is the beginning of the other's; null if
 * the log says that it never had one of the two. The hashes are not verified.
 *
 * Throws a VerificationError: they cannot be read.
 */
export type ProveConsistency = (
  seen: Checkpoint,
  today: Checkpoint,
) => Promise<readonly string[] | null>;

/**
 * Verify that the log of the checkpoint seen before is the beginning of today's.
 *
 * Throws a VerificationError: the log is smaller or forked, or the proof cannot be read.
 */
export async function checkHistory(
  seen: Checkpoint,
  today: Checkpoint,
  prove: ProveConsistency,
): Promise<void> {
  const facts: readonly Fact[] = [
    { name: "seenSize", kind: "number", value: seen.size },
    { name: "size", kind: "number", value: today.size },
    { name: "seenRoot", kind: "hash", value: encodeBase64(seen.root) },
    { name: "root", kind: "hash", value: encodeBase64(today.root) },
  ];
  if (isSameState(seen, today)) return;
  if (seen.size > today.size) throw new VerificationError("historySmaller", facts);
  if (seen.size === today.size) throw new VerificationError("historyForked", facts);
  const hashes = await prove(seen, today);
  if (hashes === null) throw new VerificationError("historyForked", facts);
  try {
    const proof = hashes.map(decodeBase64);
    await verifyConsistency(seen.size, seen.root, today.size, today.root, proof);
  } catch (error) {
    if (error instanceof VerificationError) throw new VerificationError("historyForked", facts);
    throw error;
  }
}
