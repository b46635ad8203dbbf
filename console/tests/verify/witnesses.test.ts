/** Cosignatures of witnesses: what is verified, what is not, and that every byte counts. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { concat, encodeBase64, encodeUtf8, toHex } from "../../src/verify/bytes";
import { parseNote, parseVerifierKey, parseWitnessKey } from "../../src/verify/note";
import { checkCosignature, formatCosignedMessage } from "../../src/verify/signatures";
import { listVerifiedWitnesses, type WitnessKeys } from "../../src/verify/witnesses";
import { listFailed, listWitnessStates, vectors, verifyVector } from "./support";

const NAME = "witness.example/w";
const KEY = vectors.witnessKey;
const BODY =
  "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const NOTE = `${BODY}
— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

afterEach(() => vi.unstubAllGlobals());

/** Returns a verifier key of this name, type and public key. */
function makeKey(name: string, type: number, publicKey: Uint8Array): string {
  const typed = concat(Uint8Array.of(type), publicKey);
  const id = createHash("sha256").update(concat(encodeUtf8(`${name}\n`), typed)).digest("hex");
  return `${name}+${id.slice(0, 8)}+${encodeBase64(typed)}`;
}

const OTHER_KEY = makeKey(NAME, 4, new Uint8Array(32).fill(7));
const verifyWith = (keys: Partial<WitnessKeys>, bundle?: string) =>
  verifyVector("cosigned", {
    witnesses: { given: [], pinned: [], ...keys },
    ...(bundle === undefined ? {} : { bundle }),
  });

describe("a cosignature", () => {
  it("of the key that the log gives is verified, and shown with name, key and time", async () => {
    const result = await verifyWith({ given: [KEY] });
    const [step] = result.steps.filter(({ name }) => name === "witness");
    const { publicKey } = await parseWitnessKey(KEY);
    expect(step).toMatchObject({ state: "passed", problem: "witnessNotPinned", witness: KEY });
    expect(step?.facts.map((fact) => [fact.name, "value" in fact && fact.value])).toEqual([
      ["witness", NAME],
      ["fingerprint", createHash("sha256").update(publicKey).digest("hex")],
      ["key", KEY],
      ["cosignedAt", vectors.asOfMs],
    ]);
    expect(result.verdict).toBe("verified");
  });

  it("of a pinned key is verified with it, whatever the log names", async () => {
    for (const given of [[KEY], [], [KEY, OTHER_KEY], [OTHER_KEY, KEY]]) {
      const result = await verifyWith({ given, pinned: [KEY] });
      expect(listWitnessStates(result)[0]).toBe("passed");
      expect(result.verdict).toBe("verified");
    }
  });

  it("of an unknown witness is not checked", async () => {
    const result = await verifyWith({ given: [makeKey("x", 4, new Uint8Array(32))] });
    expect(listWitnessStates(result)).toEqual([
      "notPossible: witnessAbsent",
      "notPossible: witnessUnknown",
    ]);
    expect(result.verdict).toBe("verified");
  });

  it("that is missing is a doubt if the witness is pinned", async () => {
    const change = (witnesses: WitnessKeys) => verifyVector("v2", { witnesses });
    const given = await change({ given: [KEY], pinned: [] });
    expect(listWitnessStates(given)).toEqual(["notPossible: witnessAbsent"]);
    expect(given.verdict).toBe("verified");
    for (const named of [[KEY], []]) {
      const pinned = await change({ given: named, pinned: [KEY] });
      expect(listWitnessStates(pinned)).toEqual(["notPossible: witnessMissing"]);
      expect(pinned.verdict).toBe("unproved");
    }
  });

  it("of another key than the pinned one is refused, and not shown as another witness", async () => {
    const result = await verifyWith({ given: [KEY], pinned: [OTHER_KEY] });
    expect(listWitnessStates(result)).toEqual(["failed: witnessKeyChanged"]);
    expect(result.verdict).toBe("refuted");
    const both = await verifyWith({ given: [KEY], pinned: [OTHER_KEY, KEY] });
    expect(listWitnessStates(both)).toEqual(["notPossible: witnessMissing", "passed"]);
  });

  it("by the log's own key is not a witness's cosignature", async () => {
    const { publicKey } = await parseVerifierKey(vectors.key);
    const result = await verifyWith({ given: [makeKey(NAME, 4, publicKey)] });
    expect(listWitnessStates(result)[0]).toBe("failed: witnessIsLog");
  });

  it("of ML-DSA-44 is not checked", async () => {
    const key = makeKey("quantum.example/w", 6, new Uint8Array(1312));
    const content = concat(Buffer.from(key.split("+")[1] ?? "", "hex"), new Uint8Array(2428));
    const line = `— quantum.example/w ${encodeBase64(content)}\\n`;
    const bundle = vectors.bundles.cosigned.text.replace(`— ${NAME}`, `${line}— ${NAME}`);
    const result = await verifyWith({ given: [key, KEY] }, bundle);
    expect(listWitnessStates(result)).toEqual([
      "notPossible: witnessAlgorithm",
      "passed: witnessNotPinned",
    ]);
    expect(result.verdict).toBe("verified");
  });

  it("is not checked in a browser without Ed25519", async () => {
    const { subtle } = crypto;
    const none = () => Promise.reject(new DOMException("no", "NotSupportedError"));
    vi.stubGlobal("crypto", { subtle: { digest: subtle.digest.bind(subtle), importKey: none } });
    const result = await verifyWith({ given: [KEY] });
    expect(listWitnessStates(result)).toEqual(["notPossible: noEd25519"]);
    expect(result.verdict).toBe("unproved");
  });
});

describe("every change", () => {
  const { text } = vectors.bundles.cosigned;
  const flip = (content: string, at: number, bit: number) =>
    content.slice(0, at) + String.fromCharCode(content.charCodeAt(at) ^ bit) + content.slice(at + 1);

  it("of a cosignature's line is refused: name, key id, time, signature", async () => {
    const start = text.indexOf(`— ${NAME}`);
    const end = text.indexOf("\\n", start);
    const found = new Set<string>();
    for (let at = start; at < end; at++) {
      for (const bit of [1, 4]) {
        const result = await verifyWith({ given: [KEY], pinned: [KEY] }, flip(text, at, bit));
        const states = listWitnessStates(result);
        expect(states, `${at}`).not.toContain("passed");
        expect(result.verdict, `${at}`).not.toBe("verified");
        for (const state of states) found.add(state);
      }
    }
    expect(found).toContain("failed: witnessInvalid");
    expect(found).toContain("notPossible: witnessMissing");
  }, 60_000);

  it("of a byte of the cosignature is refused", async () => {
    const line = new RegExp(`— ${NAME} ([^\\\\]+)`).exec(text)?.[1] ?? "";
    const content = Buffer.from(line, "base64");
    expect(content.length).toBe(4 + 8 + 64);
    for (let at = 4; at < content.length; at++) {
      const other = Buffer.from(content);
      other[at] = (other[at] ?? 0) ^ 1;
      const bundle = text.replace(line, encodeBase64(other));
      const result = await verifyWith({ given: [KEY] }, bundle);
      expect(listFailed(result), `${at}`).toEqual(["witness"]);
      expect(listWitnessStates(result)).toEqual(["failed: witnessInvalid"]);
    }
  });

  it("of a witness's key verifies nothing", async () => {
    for (let at = 0; at < KEY.length; at++) {
      const result = await verifyWith({ given: [flip(KEY, at, 1)], pinned: [KEY] });
      const own = await verifyWith({ given: [flip(KEY, at, 1)] });
      expect(listWitnessStates(own).some((state) => state.startsWith("passed")), `${at}`).toBe(false);
      expect(listWitnessStates(result)[0], `${at}`).toBe("passed"); // the pinned key counts
    }
  });

  it("of the public key is refused, under the right id too", async () => {
    const { publicKey } = await parseWitnessKey(KEY);
    for (let at = 0; at < publicKey.length; at++) {
      const other = publicKey.slice();
      other[at] = (other[at] ?? 0) ^ 1;
      const key = makeKey(NAME, 4, other);
      expect(listWitnessStates(await verifyWith({ given: [key] }))).not.toContain(
        "passed: witnessNotPinned",
      );
      const changed = await verifyWith({ given: [key], pinned: [KEY] });
      expect(listWitnessStates(changed)).toEqual(["failed: witnessKeyChanged"]);
    }
  });
});

describe("a witness's key", () => {
  it("is that of C2SP: a public witness's, with its id", async () => {
    const key = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    const { name, id, isEd25519 } = await parseWitnessKey(key);
    expect([name, id, isEd25519]).toEqual(["remora.n621.de", "da77ade7", true]);
  });

  it.each([
    ["", "keyForm"],
    ["a b+00000000+AAAA", "keyForm"],
    [vectors.key, "keyType"],
    [makeKey("x", 4, new Uint8Array(31)), "keyType"],
    [makeKey("x", 5, new Uint8Array(32)), "keyType"],
    [makeKey("x", 6, new Uint8Array(32)), "keyType"],
    [KEY.replace("witness", "other"), "keyId"],
  ])("is refused in another form: %j", async (key, code) => {
    await expect(parseWitnessKey(key)).rejects.toMatchObject({ code });
    expect(listWitnessStates(await verifyWith({ given: [key] }))[0]).toBe(`failed: ${code}`);
  });
});

it("the signed message and the lines are those of the specification", () => {
  expect(formatCosignedMessage(BODY, 1_679_315_147n)).toBe(
    `cosignature/v1\ntime 1679315147\n${BODY}`,
  );
  const { text, signatures } = parseNote(NOTE);
  expect(text).toBe(BODY);
  const witness = signatures[1];
  expect([witness?.name, witness?.keyId]).toEqual(["witness.example.com/w1", "8d66cf3f"]);
  expect(toHex((witness?.content ?? new Uint8Array()).slice(0, 8))).toBe("00000000641850cb");
  expect(0x641850cb).toBe(1_679_315_147);
});

it("the verified witnesses of a checkpoint are listed once, and no others", async () => {
  const [note, log] = [parseNote(vectors.bundles.cosigned.note), await parseVerifierKey(vectors.key)];
  expect(await listVerifiedWitnesses(note, log, [KEY, KEY])).toEqual([NAME]);
  expect(await listVerifiedWitnesses(note, log, [OTHER_KEY, "x"])).toEqual([]);
});

it.each([
  [0n, false],
  [1n, true],
  [(1n << 63n) - 1n, true],
  [1n << 63n, false],
])("a cosignature at second %d is valid: %s", async (seconds, isValid) => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, seconds);
  const signature = sign(null, encodeUtf8(formatCosignedMessage(BODY, seconds)), privateKey);
  const key = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  const found = await checkCosignature(BODY, concat(time, signature), key).catch(() => null);
  expect(found).toBe(isValid ? seconds : null);
});
