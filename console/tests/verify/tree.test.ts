/** Inclusion and consistency, against the proofs that the Python code makes. */
import { describe, expect, it } from "vitest";
import { type Bytes, decodeBase64, encodeUtf8 } from "../../src/verify/bytes";
import { hashLeaf, verifyConsistency, verifyInclusion } from "../../src/verify/merkle";
import { VerificationError } from "../../src/verify/problems";
import { vectors } from "./support";

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

describe.each(vectors.growth)("the growth from $oldSize to $size entries", (growth) => {
  const [oldSize, size] = [BigInt(growth.oldSize), BigInt(growth.size)];
  const proof = growth.hashes.map(decodeBase64);
  const check = (hashes: readonly Bytes[]) =>
    verifyConsistency(oldSize, rootOf(growth.oldSize), size, rootOf(growth.size), hashes);

  it("is proved", () => check(proof));

  it("is not proved if a byte of a hash is another, or a hash is missing, twice or moved", async () => {
    for (const [at, hash] of proof.entries()) {
      for (let byte = 0; byte < hash.length; byte++) {
        const other = hash.slice();
        other[byte] = (other[byte] ?? 0) ^ 1;
        await expect(check(proof.with(at, other))).rejects.toThrow(VerificationError);
      }
      for (const length of [0, 31, 33, 64]) {
        const hashes = proof.with(at, new Uint8Array(length));
        await expect(check(hashes)).rejects.toMatchObject({ code: "proofHashes" });
      }
      await expect(check(proof.filter((_, other) => other !== at))).rejects.toThrow();
      await expect(check(proof.toSpliced(at, 0, hash))).rejects.toThrow(VerificationError);
    }
    if (proof.length > 1) await expect(check(proof.toReversed())).rejects.toThrow(VerificationError);
  });
});
