/** Bytes, ids, notes, keys, checkpoints and proofs, against the examples of C2SP. */
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64, encodeUtf8, fromHex, toHex } from "../../src/verify/bytes";
import { parseCheckpoint, parseNumber } from "../../src/verify/checkpoint";
import { makeId } from "../../src/verify/ids";
import { parseNote, parseVerifierKey } from "../../src/verify/note";
import { VerificationError } from "../../src/verify/problems";
import { parseProof } from "../../src/verify/proof";
import { checkCosignature, checkLogSignature } from "../../src/verify/signatures";
import { vectors } from "./support";

const KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE =
  "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXpp" +
  "zi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const POEM = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;
const SOFA =
  "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const PROOF = `c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJwAA
— witness1.example mJirIklj
`;
const ROOT = encodeBase64(new Uint8Array(32));

describe("base64", () => {
  it("is read as it is written", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 255);
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }
  });
  it.each(["A", "AA", "AA=", "AAA", "AB==", "AAB=", "-_8=", "AA==\n", " AA==", "A A=", "é", "="])(
    "has one spelling: not %j",
    (text) => {
      expect(() => decodeBase64(text)).toThrow(VerificationError);
    },
  );
});

describe("an id", () => {
  it("is a ULID of time and digest", () => {
    expect(makeId(1_469_918_176_385, new Uint8Array(32))).toBe("01ARYZ6S410000000000000000");
    const { id, digest } = vectors.bundles.v1;
    expect(makeId(vectors.asOfMs, fromHex(digest))).toBe(id);
  });
});

describe("a signed note", () => {
  it("is that of the specification", () => {
    const note = parseNote(POEM);
    expect(note.text.endsWith("sole:\n\ned è subito sera.\n")).toBe(true);
    expect(note.signatures[0]?.name).toBe("quasimodo.example/salvatore");
    expect(note.signatures[0]?.keyId).toBe("367ba04b");
    expect(note.signatures[0]?.content.length).toBe(64);
  });

  it("has names without Unicode's white space, and with every other sign", () => {
    const rename = (name: string) => () => parseNote(NOTE.replace("— example.com/foo", `— ${name}`));
    for (const sign of ["\u00a0", "\u0085", "\u2028", "\u3000", "+"]) {
      expect(rename(`a${sign}b`)).toThrow(VerificationError);
    }
    for (const sign of ["\ufeff", "\u200b", "\u180e", "é"]) {
      expect(rename(`a${sign}b`)().signatures[0]?.name).toBe(`a${sign}b`);
    }
  });

  it("is verified with the specification's key, and no other text is", async () => {
    const key = await parseVerifierKey(KEY);
    expect([key.name, key.id]).toEqual(["example.com/foo", "530d903a"]);
    await checkLogSignature(parseNote(NOTE), key);
    const other = parseNote(NOTE.replace("message.", "message"));
    await expect(checkLogSignature(other, key)).rejects.toMatchObject({ code: "signatureInvalid" });
  });

  it.each([
    "",
    "\n\n",
    "text\n\n",
    POEM.trimEnd(),
    `${POEM}\n`,
    POEM.replaceAll("\n", "\r\n"),
    POEM.replace("Ognuno", "Ognuno\t"),
    POEM.replace("Ognuno", "Ognuno\ud800"),
    POEM.replace("— ", "- "),
    POEM.replace("— ", "—  "),
    POEM.replace("tIc=", "tId="),
    POEM.replace("tIc=", "tIc= "),
    `${POEM}text\n`,
    "text\n\n— example.com/a\n",
    "text\n\n— example.com/a AAAAAA==\n",
    `text\n\n${"— example.com/a AAAAAAA=\n".repeat(65)}`,
    "x".repeat(200_000) + POEM,
  ])("is refused in another form: %#", (text) => {
    expect(() => parseNote(text)).toThrow(VerificationError);
  });
});

describe("a verifier key", () => {
  it.each([
    "",
    "++",
    "example.com/foo",
    KEY.replace("530d903a", "530d903b"),
    KEY.replace("530d903a", "530D903A"),
    KEY.replace("foo", "bar"),
    KEY.replace("3U2k", "3U2"),
    `${KEY}\n`,
    ` ${KEY}`,
    "x".repeat(5_000) + KEY,
    vectors.witnessKey,
  ])("is refused in another form: %#", async (text) => {
    await expect(parseVerifierKey(text)).rejects.toThrow(VerificationError);
  });
});

describe("a checkpoint", () => {
  const parse = (text: string) => parseCheckpoint({ text, signatures: [] });

  it("is that of the specification", () => {
    const { origin, size, root } = parse(SOFA);
    expect([origin, size]).toEqual(["example.com/behind-the-sofa", 20_852_163n]);
    expect(toHex(root)).toBe("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62");
  });

  it("has a size below 2^63", () => {
    expect(parseNumber("9223372036854775807")).toBe(2n ** 63n - 1n);
  });

  it.each([
    "",
    "\n",
    "example.com/log\n1\n",
    `\n1\n${ROOT}\n`,
    `x\n01\n${ROOT}\n`,
    `x\n-1\n${ROOT}\n`,
    `x\n1.0\n${ROOT}\n`,
    `x\n\u0663\n${ROOT}\n`,
    `x\n${2n ** 63n}\n${ROOT}\n`,
    `x\n${"9".repeat(5_000)}\n${ROOT}\n`,
    `x\n0\n${ROOT}\n`,
    `x\n1\n${ROOT.slice(4)}\n`,
    `${SOFA}an extension\n`,
  ])("is refused in another form: %j", (text) => {
    expect(() => parse(text)).toThrow(VerificationError);
  });
});

describe("a cosignature", () => {
  it("of a witness is verified, and each of its bits counts", async () => {
    const { note } = vectors.bundles.cosigned;
    const { text, signatures } = parseNote(note);
    const line = signatures.find(({ name }) => name === "witness.example/w");
    const publicKey = decodeBase64(vectors.witnessKey.split("+").slice(2).join("+")).slice(1);
    const content = line?.content ?? new Uint8Array();
    expect(await checkCosignature(text, content, publicKey)).toBe(BigInt(vectors.asOfMs / 1000));
    for (let bit = 0; bit < content.length * 8; bit++) {
      const other = content.slice();
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(checkCosignature(text, other, publicKey)).rejects.toThrow(VerificationError);
    }
  });
});

describe("a tlog-proof", () => {
  it("is that of the specification", () => {
    const { index, hashes, note, checkpoint } = parseProof(PROOF);
    expect([index, hashes.length, note.signatures.length]).toEqual([73_894n, 5, 2]);
    expect(checkpoint.size).toBe(109_482n);
  });

  const [first = ""] = /gSKy.*/.exec(PROOF) ?? [];
  it.each([
    "",
    PROOF.slice(0, PROOF.length / 2),
    PROOF.slice(0, -1),
    `${PROOF}\n`,
    PROOF.replaceAll("\n", "\r\n"),
    `\ufeff${PROOF}`,
    PROOF.replace("@v1", "@v2"),
    PROOF.replace("@v1\n", "@v1\n\n"),
    PROOF.replace("index 73894\n", ""),
    PROOF.replace("index 7", "index 07"),
    PROOF.replace("index 7", "index  7"),
    PROOF.replace("index 73894", `index ${2n ** 63n}`),
    PROOF.replace("index 73894", "index 73894\nindex 73894"),
    PROOF.replace("extra ", "extra"),
    PROOF.replace("index", "extra AA==\nindex"),
    PROOF.replace(first, first.slice(0, -1)),
    PROOF.replace(first, encodeBase64(new Uint8Array(31))),
    PROOF.replace(first, Array(64).fill(first).join("\n")),
    PROOF.replace("109482", "0109482"),
    PROOF.replace("109482", "109482\nextension"),
    PROOF + "x".repeat(200_000),
  ])("is refused in another form: %#", (text) => {
    expect(() => parseProof(text)).toThrow(VerificationError);
  });
});

it("UTF-8 is that of the text", () => {
  expect(toHex(encodeUtf8("é😀"))).toBe("c3a9f09f9880");
});
