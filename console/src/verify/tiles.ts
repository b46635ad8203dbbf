/** Consistency proofs from a log's tiles of 256 hashes: C2SP tlog-tiles, height 8. */
import type { Bytes } from "./bytes";
import { HASH_LENGTH } from "./checkpoint";
import { hashNode, type LeafRange, listConsistencyRanges, listPerfectRanges } from "./merkle";
import { notPossible, VerificationError } from "./problems";

const HEIGHT = 8;
const WIDTH = 256n;

/** Returns a tile's bytes by its path below `tile/`, or null if there is no such tile. */
export type ReadTile = (path: string) => Promise<Bytes | null>;

/** Returns the path of a tile below `tile/`: `0/x001/x234/067.p/5`. */
export function formatTilePath(level: number, index: bigint, width: bigint): string {
  const groups = [String(index % 1000n).padStart(3, "0")];
  for (let rest = index / 1000n; rest > 0n; rest /= 1000n) {
    groups.unshift(`x${String(rest % 1000n).padStart(3, "0")}`);
  }
  return `${level}/${groups.join("/")}${width === WIDTH ? "" : `.p/${width}`}`;
}

/**
 * Returns the proof that the tree of the old size is the beginning of this one, not verified.
 *
 * It reads only the tiles that it needs, each once. Throws a VerificationError.
 */
export function makeConsistencyProof(
  oldSize: bigint,
  size: bigint,
  read: ReadTile,
): Promise<readonly Bytes[]> {
  const tiles = new Map<string, Promise<readonly Bytes[]>>();
  const readHashes = (level: number, index: bigint) => {
    const width = minimum((size >> BigInt(HEIGHT * level)) - index * WIDTH, WIDTH);
    const path = formatTilePath(level, index, width);
    const found = tiles.get(path) ?? readTile(read, level, index, width);
    tiles.set(path, found);
    return found;
  };
  const readPerfect = async ([start, end]: LeafRange) => {
    const level = (end - start).toString(2).length - 1;
    const tileLevel = Math.floor(level / HEIGHT);
    const first = start >> BigInt(HEIGHT * tileLevel);
    const hashes = await readHashes(tileLevel, first / WIDTH);
    const offset = Number(first % WIDTH);
    return computeRoot(hashes.slice(offset, offset + (1 << level % HEIGHT)));
  };
  const readRange = async (range: LeafRange) => {
    const hashes = await Promise.all(listPerfectRanges(range).map(readPerfect));
    let root = hashes.pop();
    for (const left of hashes.reverse()) root = root && (await hashNode(left, root));
    if (root === undefined) throw new VerificationError("tileForm");
    return root;
  };
  return Promise.all(listConsistencyRanges(oldSize, size).map(readRange));
}

async function readTile(
  read: ReadTile,
  level: number,
  index: bigint,
  width: bigint,
): Promise<readonly Bytes[]> {
  const path = formatTilePath(level, index, width);
  const facts = [{ name: "tile", kind: "text", value: path }] as const;
  let content = await read(path);
  // A log may drop a partial tile when the full one exists.
  if (content === null && width < WIDTH) {
    const full = await read(formatTilePath(level, index, WIDTH));
    content = full?.slice(0, Number(width) * HASH_LENGTH) ?? null;
  }
  if (content === null) throw notPossible("tileMissing", facts);
  if (content.length !== Number(width) * HASH_LENGTH) {
    throw new VerificationError("tileForm", facts);
  }
  const bytes = content;
  return Array.from({ length: Number(width) }, (_, at) =>
    bytes.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH),
  );
}

/** Returns the root over a power of two of hashes. */
async function computeRoot(hashes: readonly Bytes[]): Promise<Bytes> {
  const [first, second] = hashes;
  if (first === undefined) throw new VerificationError("tileForm");
  if (second === undefined) return first;
  const half = hashes.length / 2;
  return hashNode(await computeRoot(hashes.slice(0, half)), await computeRoot(hashes.slice(half)));
}

function minimum(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
