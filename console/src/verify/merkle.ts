/** The Merkle tree of RFC 6962 and RFC 9162: inclusion and consistency. */
import { type Bytes, areEqual, concat, encodeBase64 } from "./bytes";
import { HASH_LENGTH } from "./checkpoint";
import { sha256 } from "./crypto";
import { VerificationError } from "./problems";

export function hashLeaf(entry: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(0), entry));
}

export function hashNode(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/**
 * Verify that the tree with this size and root has the leaf hash at `index` (RFC 9162, 2.1.3.2).
 *
 * Throws a VerificationError.
 */
export async function verifyInclusion(
  leaf: Bytes,
  index: bigint,
  size: bigint,
  proof: readonly Bytes[],
  root: Bytes,
): Promise<void> {
  if (index < 0n || index >= size) throw new VerificationError("indexBeyond");
  requireHashes(proof);
  const path = new Path(index, size - 1n);
  let computed = leaf;
  for (const sibling of proof) {
    const isLeft = path.climb();
    computed = isLeft ? await hashNode(sibling, computed) : await hashNode(computed, sibling);
  }
  if (path.last !== 0n) throw new VerificationError("proofHashes");
  requireRoot(computed, root);
}

/**
 * Verify that the smaller tree is the beginning of the larger one (RFC 9162, 2.1.4.2).
 *
 * Throws a VerificationError.
 */
export async function verifyConsistency(
  oldSize: bigint,
  oldRoot: Bytes,
  size: bigint,
  root: Bytes,
  proof: readonly Bytes[],
): Promise<void> {
  if (oldSize < 0n || oldSize > size) throw new VerificationError("historySmaller");
  requireHashes(proof);
  if (oldSize === 0n || oldSize === size) {
    if (proof.length > 0) throw new VerificationError("proofHashes");
    if (oldSize > 0n) requireRoot(root, oldRoot);
    return;
  }
  const [first, ...rest] = (oldSize & (oldSize - 1n)) === 0n ? [oldRoot, ...proof] : proof;
  if (first === undefined) throw new VerificationError("proofHashes");
  const path = new Path(oldSize - 1n, size - 1n);
  path.skipRight();
  let [oldComputed, computed] = [first, first];
  for (const sibling of rest) {
    if (path.climb()) {
      oldComputed = await hashNode(sibling, oldComputed);
      computed = await hashNode(sibling, computed);
    } else {
      computed = await hashNode(computed, sibling);
    }
  }
  if (path.last !== 0n) throw new VerificationError("proofHashes");
  requireRoot(oldComputed, oldRoot);
  requireRoot(computed, root);
}

function requireHashes(proof: readonly Bytes[]): void {
  if (proof.some((hash) => hash.length !== HASH_LENGTH)) throw new VerificationError("proofHashes");
}

function requireRoot(computed: Bytes, root: Bytes): void {
  if (areEqual(computed, root)) return;
  throw new VerificationError("rootDiffers", [
    { name: "root", kind: "hash", value: encodeBase64(root) },
    { name: "rootComputed", kind: "hash", value: encodeBase64(computed) },
  ]);
}

/** The way from a node up to the root; `last` is the level's last node. */
class Path {
  constructor(
    private node: bigint,
    public last: bigint,
  ) {}

  /** Go up one hash of a proof. Returns whether that hash is on the left. */
  climb(): boolean {
    if (this.last === 0n) throw new VerificationError("proofHashes");
    const isLeft = (this.node & 1n) === 1n || this.node === this.last;
    if (isLeft) while ((this.node & 1n) === 0n && this.node > 0n) this.step();
    this.step();
    return isLeft;
  }

  /** Go up while the node is the right child. */
  skipRight(): void {
    while ((this.node & 1n) === 1n) this.step();
  }

  private step(): void {
    this.node >>= 1n;
    this.last >>= 1n;
  }
}
