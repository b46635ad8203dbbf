/** Whether a log still begins with what a checkpoint seen before covered. */
import { encodeBase64 } from "./bytes";
import { type Checkpoint, isSameState } from "./checkpoint";
import { verifyConsistency } from "./merkle";
import { type Fact, VerificationError } from "./problems";
import { makeConsistencyProof, type ReadTile } from "./tiles";

/**
 * Verify that the log of the checkpoint seen before is the beginning of today's.
 *
 * Throws a VerificationError: the log is smaller or forked, or tiles cannot be read.
 */
export async function checkHistory(
  seen: Checkpoint,
  today: Checkpoint,
  read: ReadTile,
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
  const proof = await makeConsistencyProof(seen.size, today.size, read);
  try {
    await verifyConsistency(seen.size, seen.root, today.size, today.root, proof);
  } catch (error) {
    if (error instanceof VerificationError) throw new VerificationError("historyForked", facts);
    throw error;
  }
}
