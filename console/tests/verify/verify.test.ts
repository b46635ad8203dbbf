/** Bundles that the Python code made are verified; whatever differs from them is not. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { texts } from "../../src/texts";
import type { Bundle } from "../../src/verify/bundle";
import { PROBLEMS } from "../../src/verify/problems";
import { checkShown } from "../../src/verify/shown";
import { STEP_NAMES } from "../../src/verify/steps";
import type { Input } from "../../src/verify/verify";
import { type BundleName, listFailed, listStates, vectors, verifyVector } from "./support";

const NAMES: readonly BundleName[] = ["v1", "v2", "cosigned", "unicode"];
const V2 = JSON.parse(vectors.bundles.v2.text) as Record<string, unknown>;
const SHOWN = {
  ...(JSON.parse(String(V2["event"])) as object),
  id: vectors.bundles.v2.id,
  digest: vectors.bundles.v2.digest,
  receivedAt: "2025-11-24T16:00:00.005Z",
  submittedBy: "AROAEXAMPLEID:i-0abc",
};

afterEach(() => vi.unstubAllGlobals());

describe("a bundle", () => {
  it.each(NAMES)("of the Python code is verified: %s", async (name) => {
    const result = await verifyVector(name);
    expect(listFailed(result)).toEqual([]);
    expect(result.verdict).toBe("verified");
    expect(result.checkpoint?.size).toBe(7n);
    expect(result.note).toBe(vectors.bundles[name].note);
    const root = result.steps.find((step) => step.name === "digest")?.facts[0];
    expect(root).toMatchObject({ value: vectors.bundles[name].digest });
  });

  it("shows as of when it is, who cosigned, and what the receipt says", async () => {
    const cosigned = await verifyVector("cosigned");
    expect(cosigned.asOfMs).toBe(vectors.asOfMs);
    expect(listStates(cosigned)).toEqual({
      bundle: "passed",
      digest: "passed",
      id: "passed",
      inclusion: "passed",
      receipt: "passed",
      signature: "passed",
      asOf: "passed",
      witness: "notPossible: witnessUnknown",
      key: "passed",
      history: "notPossible: firstSeen",
    });
    const plain = listStates(await verifyVector("v1"));
    expect(plain["receipt"]).toBe("notPossible: noReceipt");
    expect(plain["asOf"]).toBe("notPossible: noCosignature");
    const late = await verifyVector("cosigned", { nowMs: vectors.asOfMs + 3 * 3_600_000 });
    expect(listStates(late)["asOf"]).toBe("passed: silent");
    const ahead = await verifyVector("cosigned", { nowMs: vectors.asOfMs - 600_000 });
    expect(listStates(ahead)["asOf"]).toBe("passed: ahead");
  });

  it("of another id or tenant is not the one that was asked for", async () => {
    const other = await verifyVector("v2", { id: vectors.bundles.unicode.id });
    expect(listFailed(other)).toEqual(["digest", "id"]);
    const foreign = await verifyVector("v2", { tenantId: "acme" });
    expect(listStates(foreign)["id"]).toBe("failed: tenantDiffers");
  });

  it("must hold the event that is shown", async () => {
    expect((await verifyVector("v2", { shown: SHOWN })).verdict).toBe("verified");
    for (const shown of [
      { ...SHOWN, userId: "mallory" },
      { ...SHOWN, digest: "00" },
      { ...SHOWN, more: 1 },
      { id: SHOWN.id },
    ]) {
      const result = await verifyVector("v2", { shown });
      expect(listFailed(result)).toEqual(["shown"]);
      expect(result.verdict).toBe("refuted");
    }
  });

  it("does not compare the fields of which something is masked", async () => {
    const shown = { ...SHOWN, userId: "[personal]", masked: ["/userId"] };
    expect(listFailed(await verifyVector("v2", { shown }))).toEqual([]);
    const other = { ...shown, action: "x" };
    expect(listFailed(await verifyVector("v2", { shown: other }))).toEqual(["shown"]);
  });

  it("does not prove another receipt that is shown", async () => {
    const { submittedBy: _, ...withoutSubmitter } = SHOWN;
    for (const shown of [
      { ...SHOWN, submittedBy: "AIDAEXAMPLE" },
      { ...SHOWN, receivedAt: "2025-11-24T16:00:00.009Z" },
      withoutSubmitter,
    ]) {
      const result = await verifyVector("v2", { shown });
      expect(listStates(result)["receipt"]).toBe("notPossible: receiptDiffers");
      expect(result.verdict).toBe("unproved");
    }
  });

  it("with null does not hold a number beyond all numbers", () => {
    const bundle = { event: { details: { n: null } } } as unknown as Bundle;
    const shown = { id: "x", digest: "00", details: JSON.parse('{"n":1e999}') as unknown };
    expect(() => checkShown(shown, bundle, "x", Uint8Array.of(0))).toThrow("shownDiffers");
  });

  it.each([
    ["", "bundleJson"],
    ["[]", "bundleJson"],
    ["{}", "bundleFields"],
    [JSON.stringify({ ...V2, more: "x" }), "bundleFields"],
    [JSON.stringify({ ...V2, more: {} }), "bundleFields"],
    [JSON.stringify({ ...V2, format: "auditlog-bundle/v1" }), "bundleFields"],
    [JSON.stringify({ ...V2, format: "auditlog-bundle/v3" }), "bundleFormat"],
    [JSON.stringify({ ...V2, receivedAt: "1" }), "bundleFields"],
    [JSON.stringify({ ...V2, receivedAt: 1e15 }), "bundleFields"],
    [JSON.stringify({ ...V2, submittedBy: "é" }), "bundleFields"],
    [vectors.bundles.v2.text.replace("}", ',"id":"x"}'), "bundleJson"],
    [vectors.bundles.v2.text.replace(/\}$/, ',"id":"x"}'), "bundleFields"],
    [vectors.bundles.v2.text.replace(/"receivedAt":\d+/, '"receivedAt":1.0'), "bundleFields"],
    [JSON.stringify({ ...V2, event: "{}" }), "bundleEvent"],
    [JSON.stringify({ ...V2, event: '{"timestamp":"2025-02-30T00:00:00.000Z"}' }), "bundleEvent"],
    [JSON.stringify({ ...V2, event: "\ud800" }), "bundleUnicode"],
    [JSON.stringify({ ...V2, proof: "x" }), "proofForm"],
    ["[".repeat(100_000), "bundleJson"],
    [`"${"x".repeat(8_000_000)}"`, "tooLong"],
  ])("in another form is refused: %#", async (bundle, problem) => {
    const result = await verifyVector("v2", { bundle });
    expect(listStates(result)).toEqual({ bundle: `failed: ${problem}` });
    expect(result.verdict).toBe("refuted");
  });

  it("may have spaces between its parts", async () => {
    const spaced = JSON.stringify(V2, null, 2);
    expect((await verifyVector("v2", { bundle: spaced })).verdict).toBe("verified");
  });
});

/** Returns the steps of which one has to fail if this position of a bundle's text is changed. */
function findSteps(text: string, at: number): readonly string[] {
  const isBetween = (start: string, end: string) =>
    at >= text.indexOf(start) && at < text.indexOf(end, text.indexOf(start) + start.length);
  if (isBetween('"id":"', '"event":')) return ["bundle", "id"];
  if (isBetween('"event":"', '"proof":')) return ["bundle", "digest"];
  if (isBetween("example.com/log\\n7\\n", "\\n\\n—")) return ["bundle", "inclusion", "signature"];
  if (isBetween("— example.com/log ", '"receivedAt"')) return ["bundle", "signature"];
  return ["bundle", "inclusion", "signature"];
}

describe("every change of a bundle", () => {
  const { text } = vectors.bundles.v2;
  const flip = (at: number) => String.fromCharCode(text.charCodeAt(at) ^ 1);
  it.each([
    ["a bit", (at: number) => text.slice(0, at) + flip(at) + text.slice(at + 1)],
    ["a character less", (at: number) => text.slice(0, at) + text.slice(at + 1)],
    ["a digit more", (at: number) => `${text.slice(0, at)}0${text.slice(at)}`],
  ])("is refused, with the right step: %s", async (_, change) => {
    for (let at = 0; at < text.length; at++) {
      const bundle = change(at);
      const result = await verifyVector("v2", { bundle });
      const failed = listFailed(result);
      const expected = findSteps(text, at);
      expect(result.verdict, `${at}: ${bundle}`).toBe("refuted");
      expect(expected.some((step) => failed.includes(step)), `${at}: ${failed}`).toBe(true);
    }
  }, 60_000);

  it("leaves of a cosigned one the truth, or nothing", async () => {
    const { text } = vectors.bundles.cosigned;
    for (let at = text.indexOf("— "); at < text.length; at++) {
      const changed = String.fromCharCode(text.charCodeAt(at) ^ 1);
      const bundle = text.slice(0, at) + changed + text.slice(at + 1);
      const { verdict, asOfMs } = await verifyVector("cosigned", { bundle });
      if (verdict === "verified") expect([vectors.asOfMs, null]).toContain(asOfMs);
    }
  }, 60_000);
});

describe("the key", () => {
  it("that is not pinned verifies, and that is said", async () => {
    const result = await verifyVector("v2", { pinned: null });
    expect(result.verdict).toBe("verified");
    expect(listStates(result)["key"]).toBe("notPossible: notPinned");
  });

  it("that is another than the pinned one is refused", async () => {
    const result = await verifyVector("otherKey", { key: vectors.otherKey });
    expect(listFailed(result)).toEqual(["signature", "key"]);
    const only = await verifyVector("v2", { key: vectors.otherKey });
    expect(listFailed(only)).toEqual(["key"]);
    expect(only.verdict).toBe("refuted");
  });

  it("that is another than the one seen before is a doubt", async () => {
    const seen = { key: vectors.key, note: vectors.bundles.v2.note };
    const change = { key: vectors.otherKey, pinned: null, seen };
    const result = await verifyVector("otherKey", change);
    expect(listStates(result)["key"]).toBe("notPossible: keyChanged");
    expect(listStates(result)["history"]).toBe("notPossible: otherKeySeen");
    expect(result.verdict).toBe("unproved");
  });

  it("that has signed the checkpoint of another log is refused", async () => {
    const result = await verifyVector("otherOrigin");
    expect(listStates(result)["signature"]).toBe("failed: originDiffers");
    expect(result.verdict).toBe("refuted");
  });

  it("that is not one is refused", async () => {
    for (const key of ["", "x", vectors.witnessKey]) {
      expect(listFailed(await verifyVector("v2", { key, pinned: null }))).toEqual(["key"]);
    }
  });
});

describe("a checkpoint seen before", () => {
  const note = (size: number, root: string) =>
    `example.com/log\n${size}\n${root}\n\n— example.com/log AAAAAAAA\n`;
  const seenAt = (size: number, root: string): Partial<Input> => ({
    seen: { key: vectors.key, note: note(size, root) },
  });
  const [, size, root] = vectors.bundles.v2.note.split("\n");

  it("that is today's is consistent", async () => {
    const result = await verifyVector("v2", seenAt(Number(size), root ?? ""));
    expect(listStates(result)["history"]).toBe("passed");
    expect(result.verdict).toBe("verified");
  });

  it("that is larger, or another of the same size, is contradicted", async () => {
    const smaller = await verifyVector("v2", seenAt(8, root ?? ""));
    expect(listStates(smaller)["history"]).toBe("failed: historySmaller");
    const forked = await verifyVector("v2", seenAt(7, vectors.roots["1"]));
    expect(listStates(forked)["history"]).toBe("failed: historyForked");
    expect(forked.verdict).toBe("refuted");
  });

  it("whose proof cannot be read leaves a doubt", async () => {
    const result = await verifyVector("v2", seenAt(3, vectors.roots["3"]));
    expect(listStates(result)["history"]).toBe("notPossible: consistencyUnavailable");
    expect(result.verdict).toBe("unproved");
    const failing = await verifyVector("v2", seenAt(3, vectors.roots["3"]), async () => {
      throw new TypeError("no proof today");
    });
    expect(listStates(failing)["history"]).toBe("notPossible: unexpected");
  });

  it.each([[null], [[]], [["x"]], [[vectors.roots["1"]]], [Array<string>(99).fill(root ?? "")]])(
    "that the log does not lead from is forked: %#",
    async (hashes) => {
      const result = await verifyVector("v2", seenAt(3, vectors.roots["3"]), async () => hashes);
      expect(listStates(result)["history"]).toBe("failed: historyForked");
      expect(result.verdict).toBe("refuted");
    },
  );

  it("is proved to be the beginning of today's", async () => {
    const { oldSize, oldRoot, hashes } = vectors.bundles.v2.growth;
    const result = await verifyVector("v2", seenAt(oldSize, oldRoot), async (seen, today) => {
      expect([seen.size, today.size]).toEqual([BigInt(oldSize), 7n]);
      return hashes;
    });
    expect(listStates(result)["history"]).toBe("passed");
    expect(result.verdict).toBe("verified");
  });

  it("of a damaged or forbidden storage is not one", async () => {
    const damaged = await verifyVector("v2", { memoryProblem: "storageDamaged" });
    expect(damaged.verdict).toBe("unproved");
    const refused = await verifyVector("v2", { memoryProblem: "storageRefused" });
    expect(refused.verdict).toBe("verified");
  });
});

describe("a browser", () => {
  it("without Ed25519 does not call anything verified", async () => {
    const { subtle } = crypto;
    vi.stubGlobal("crypto", {
      subtle: {
        digest: subtle.digest.bind(subtle),
        importKey: () => Promise.reject(new Error("no Ed25519")),
      },
    });
    const result = await verifyVector("cosigned");
    expect(result.verdict).toBe("unproved");
    expect(listStates(result)["signature"]).toBe("notPossible: noEd25519");
    expect(listStates(result)["inclusion"]).toBe("passed");
  });

  it("whose Ed25519 accepts everything does not either", async () => {
    const { subtle } = crypto;
    const broken = {
      digest: subtle.digest.bind(subtle),
      importKey: subtle.importKey.bind(subtle),
      verify: async () => true,
    };
    vi.stubGlobal("crypto", { subtle: broken });
    expect((await verifyVector("cosigned")).verdict).toBe("unproved");
  });

  it("without WebCrypto says so", async () => {
    vi.stubGlobal("crypto", {});
    const result = await verifyVector("v2");
    expect(listStates(result)).toEqual({ bundle: "notPossible: noCrypto" });
    expect(result.verdict).toBe("unproved");
  });
});

it("every step and problem has a text", () => {
  expect(Object.keys(texts.verified.steps)).toEqual([...STEP_NAMES]);
  expect(Object.keys(texts.verified.problems)).toEqual([...PROBLEMS]);
});
