import { createHash } from "node:crypto";
import type { Bytes } from "../../src/verify/bytes";
import { formatTilePath, type ReadTile } from "../../src/verify/tiles";
import { type Input, type Result, verify } from "../../src/verify/verify";
import vectors from "./vectors.json";

export { vectors };

export type BundleName = keyof typeof vectors.bundles;

export const NO_TILES: ReadTile = async () => null;

/** Verify one of the bundles, with what is given in place of its own. */
export function verifyVector(name: BundleName, change: Partial<Input> = {}): Promise<Result> {
  const { id, text } = vectors.bundles[name];
  return verify(
    {
      bundle: text,
      id,
      tenantId: "default",
      shown: null,
      key: vectors.key,
      pinned: vectors.key,
      seen: null,
      witnesses: { given: [], pinned: [] },
      memoryProblem: null,
      nowMs: vectors.asOfMs + 60_000,
      ...change,
    },
    NO_TILES,
  );
}

/** Returns each step's state, and its problem if it has one: `failed: idDiffers`. */
export function listStates({ steps }: Result): Record<string, string> {
  return Object.fromEntries(
    steps.map(({ name, state, problem }) => [name, problem ? `${state}: ${problem}` : state]),
  );
}

/** Returns the problem of each step of a witness, or that it passed: `failed: witnessInvalid`. */
export function listWitnessStates({ steps }: Result): readonly string[] {
  return steps
    .filter(({ name }) => name === "witness")
    .map(({ state, problem }) => (problem ? `${state}: ${problem}` : state));
}

export function listFailed({ steps }: Result): readonly string[] {
  return steps.filter(({ state }) => state === "failed").map(({ name }) => name);
}

const hash = (...parts: readonly Uint8Array[]): Bytes => {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part);
  return new Uint8Array(sum.digest());
};

/** Returns a source of the tiles of the tree of the entries "0", "1"…, and the paths that were read. */
export function makeTiles(size: number): { read: ReadTile; paths: string[] } {
  const tiles = kept.get(size) ?? computeTiles(size);
  kept.set(size, tiles);
  const paths: string[] = [];
  const read: ReadTile = async (path) => {
    paths.push(path);
    return tiles.get(path) ?? null;
  };
  return { read, paths };
}

const kept = new Map<number, ReadonlyMap<string, Bytes>>();

function computeTiles(size: number): ReadonlyMap<string, Bytes> {
  const tiles = new Map<string, Bytes>();
  let hashes = Array.from({ length: size }, (_, at) =>
    hash(Uint8Array.of(0), new TextEncoder().encode(String(at))),
  );
  for (let level = 0; hashes.length > 0; level++) {
    const full: Bytes[] = [];
    for (let at = 0; at < hashes.length; at += 256) {
      const part = hashes.slice(at, at + 256);
      const path = formatTilePath(level, BigInt(at / 256), BigInt(part.length));
      tiles.set(path, new Uint8Array(Buffer.concat(part)));
      if (part.length === 256) full.push(computeRoot(part));
    }
    hashes = full;
  }
  return tiles;
}

function computeRoot(hashes: readonly Bytes[]): Bytes {
  if (hashes.length === 1) return hashes[0] as Bytes;
  const half = hashes.length / 2;
  const [left, right] = [computeRoot(hashes.slice(0, half)), computeRoot(hashes.slice(half))];
  return hash(Uint8Array.of(1), left, right);
}
