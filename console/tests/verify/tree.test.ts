/** Inclusion, consistency and tiles, against the proofs that the Python code makes. */
import { describe, expect, it } from "vitest";
import { type Bytes, decodeBase64, encodeUtf8 } from "../../src/verify/bytes";
import { hashLeaf, verifyConsistency, verifyInclusion } from "../../src/verify/merkle";
import { VerificationError } from "../../src/verify/problems";
import { formatTilePath, makeConsistencyProof } from "../../src/verify/tiles";
import { makeTiles, vectors } from "./support";

const leaf = (at: number) => hashLeaf(encodeUtf8(String(at)));
const rootOf = (size: number): Bytes => {
  const small = vectors.trees.find((tree) => tree.size === size)?.root;
  return decodeBase64(small ?? (vectors.roots as Record<string, string>)[String(size)] ?? "");
};

describe.each(vectors.trees)("the tree of $size entries", (tree) => {
  const [size, root] = [BigInt(tree.size), decodeBase64(tree.root)];

  it("has each entry at its position, and nowhere else", async () => {
    for (const [index, hashes] of tree.inclusion.entries()) {
      const proof = hashes.map(decodeBase64);
      await verifyInclusion(await leaf(index), BigInt(index), size, proof, root);
      for (let other = 0; other <= tree.size; other++) {
        if (other === index) continue;
        const wrong = [
          async () => verifyInclusion(await leaf(other), BigInt(index), size, proof, root),
          async () => verifyInclusion(await leaf(index), BigInt(other), size, proof, root),
        ];
        for (const each of wrong) await expect(each()).rejects.toThrow(VerificationError);
      }
      const longer = verifyInclusion(await leaf(index), BigInt(index), size, [...proof, root], root);
      await expect(longer).rejects.toMatchObject({ code: "proofHashes" });
      if (proof.length > 0) {
        const [at, less] = [BigInt(index), proof.slice(1)];
        const shorter = verifyInclusion(await leaf(index), at, size, less, root);
        await expect(shorter).rejects.toThrow(VerificationError);
      }
    }
  });

  it("begins with each smaller one, and with no other", async () => {
    for (const [at, hashes] of tree.consistency.entries()) {
      const [old, proof] = [at + 1, hashes.map(decodeBase64)];
      await verifyConsistency(BigInt(old), rootOf(old), size, root, proof);
      const wrong = [
        () => verifyConsistency(BigInt(old), new Uint8Array(32), size, root, proof),
        () => verifyConsistency(BigInt(old), rootOf(old), size, new Uint8Array(32), proof),
        () => verifyConsistency(BigInt(old), rootOf(old), size, root, [...proof, root]),
      ];
      for (const each of wrong) await expect(each()).rejects.toThrow(VerificationError);
    }
  });
});

describe("tiles", () => {
  it("have the paths of C2SP", () => {
    expect(formatTilePath(0, 0n, 256n)).toBe("0/000");
    expect(formatTilePath(1, 1_234_067n, 5n)).toBe("1/x001/x234/067.p/5");
  });

  it.each([
    [1, 2],
    [3, 255],
    [255, 256],
    [256, 257],
    [257, 300],
    [300, 70_000],
    [512, 1_000],
    [65_536, 70_000],
    [65_537, 70_000],
    [1, 70_000],
  ])("show that the tree of %i is the beginning of that of %i", async (old, size) => {
    const { read, paths } = makeTiles(size);
    const proof = await makeConsistencyProof(BigInt(old), BigInt(size), read);
    await verifyConsistency(BigInt(old), rootOf(old), BigInt(size), rootOf(size), proof);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.length).toBeLessThan(10);
    const other = new Uint8Array(32);
    const forked = verifyConsistency(BigInt(old), other, BigInt(size), rootOf(size), proof);
    await expect(forked).rejects.toMatchObject({ code: "rootDiffers" });
  });

  it("may be full where the log was smaller", async () => {
    const [grown, small] = [makeTiles(512), makeTiles(300)];
    const read = (path: string) => (path.startsWith("0/") ? grown : small).read(path);
    const proof = await makeConsistencyProof(257n, 300n, read);
    await verifyConsistency(257n, rootOf(257), 300n, rootOf(300), proof);
  });

  it("that are missing or cut are said", async () => {
    const missing = makeConsistencyProof(1n, 300n, async () => null);
    await expect(missing).rejects.toMatchObject({ code: "tileMissing", isRefuted: false });
    const cut = makeConsistencyProof(1n, 300n, async () => new Uint8Array(33));
    await expect(cut).rejects.toMatchObject({ code: "tileForm", isRefuted: true });
  });
});
