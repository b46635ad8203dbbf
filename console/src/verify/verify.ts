/** Verifies, in this browser, that the log recorded an event: the steps of a bundle's verification. */
import { HOUR_MS } from "../durations";
import { encodeBase64, toHex } from "./bytes";
import { type Bundle, encodeEntry, parseBundle } from "./bundle";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import { hasCrypto, hasEd25519, sha256 } from "./crypto";
import { checkHistory, type ProveConsistency } from "./history";
import { getDigestPart, makeId } from "./ids";
import { hashLeaf, verifyInclusion } from "./merkle";
import { parseNote, parseVerifierKey, type VerifierKey } from "./note";
import { type Fact, notPossible, VerificationError } from "./problems";
import { checkShown, listReceiptDifferences } from "./shown";
import { checkLogSignature, findSigningTime, MAX_AHEAD_MS } from "./signatures";
import { type Finding, type Step, StepRecorder, type Verdict } from "./steps";
import { listWitnessChecks, type WitnessKeys } from "./witnesses";

const SILENCE_MS = 2 * HOUR_MS;

/** A checkpoint that this browser has verified before, and the key that had signed it. */
export interface SeenCheckpoint {
  readonly key: string;
  /** The signed note. */
  readonly note: string;
}

export interface Input {
  /** The response's text, as it arrived. */
  readonly bundle: string;
  readonly id: string;
  /** Empty: the caller's own. */
  readonly tenantId: string;
  /** The event as the page shows it, null if it shows none. */
  readonly shown: Readonly<Record<string, unknown>> | null;
  /** The verifier key that the log's address gives. */
  readonly key: string;
  /** The key that the reader has pinned, and the newest checkpoint seen. */
  readonly pinned: string | null;
  readonly seen: SeenCheckpoint | null;
  readonly witnesses: WitnessKeys;
  /** Why this browser may have forgotten what it has seen. */
  readonly memoryProblem: "storageRefused" | "storageDamaged" | null;
  readonly nowMs: number;
}

export interface Result {
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
  readonly checkpoint: Checkpoint | null;
  /** The checkpoint as it is signed. */
  readonly note: string | null;
  /** The key that the signature was verified with. */
  readonly key: VerifierKey | null;
  /** When the log said that the checkpoint is its latest, in ms since 1970. */
  readonly asOfMs: number | null;
}

/** Verify a bundle. It never rejects: what cannot be checked is a step that says so. */
export async function verify(input: Input, prove: ProveConsistency): Promise<Result> {
  const run = new Run(input, prove);
  await run.checkAll();
  const { recorder, bundle, key, asOfMs } = run;
  return {
    verdict: recorder.verdict,
    steps: recorder.steps,
    checkpoint: bundle?.proof.checkpoint ?? null,
    note: bundle?.proof.noteText ?? null,
    key,
    asOfMs,
  };
}

class Run {
  readonly recorder = new StepRecorder();
  bundle: Bundle | null = null;
  key: VerifierKey | null = null;
  asOfMs: number | null = null;

  constructor(
    private readonly input: Input,
    private readonly prove: ProveConsistency,
  ) {}

  async checkAll(): Promise<void> {
    const { recorder } = this;
    const isParsed = await recorder.run("bundle", () => this.checkBundle());
    if (!isParsed || this.bundle === null) return;
    await this.checkEvent(this.bundle);
    await recorder.run("key", () => this.checkKey());
    const { bundle, key } = this;
    await recorder.run("signature", () => this.checkSignature(bundle, key));
    await recorder.run("asOf", () => this.checkTime(bundle, key));
    const { witnesses } = this.input;
    const checks = key ? await listWitnessChecks(bundle.proof.note, key, witnesses) : [];
    for (const check of checks) await recorder.run("witness", check.run, check.key);
    await recorder.run("history", () => this.checkHistory(bundle, key));
  }

  private checkBundle(): Finding {
    if (!hasCrypto()) throw notPossible("noCrypto");
    this.bundle = parseBundle(this.input.bundle);
    return { facts: [text("format", this.bundle.format)] };
  }

  /** Check what needs no key: digest, id, what is shown, inclusion, receipt. */
  private async checkEvent(bundle: Bundle): Promise<void> {
    const { recorder, input } = this;
    const digest = await sha256(bundle.canonical);
    const id = makeId(bundle.timeMs, digest);
    await recorder.run("digest", () => checkDigest(input.id, id, toHex(digest)));
    await recorder.run("id", () => checkId(input, bundle, id));
    const { shown } = input;
    if (shown !== null) {
      await recorder.run("shown", () => {
        checkShown(shown, bundle, id, digest);
        return { facts: [] };
      });
    }
    await recorder.run("inclusion", async () => {
      const { proof } = bundle;
      const { size, root } = proof.checkpoint;
      const leaf = await hashLeaf(await encodeEntry(id, digest, bundle.receipt));
      await verifyInclusion(leaf, proof.index, size, proof.hashes, root);
      return { facts: [number("index", proof.index), number("size", size), hash("root", root)] };
    });
    await recorder.run("receipt", () => this.checkReceipt(bundle));
  }

  private checkReceipt({ receipt }: Bundle): Finding {
    if (receipt === null) throw notPossible("noReceipt");
    if (!this.recorder.hasPassed("inclusion")) throw notPossible("earlierFailed");
    const { receivedAt, submittedBy } = receipt;
    const facts = [time("receivedAt", receivedAt), text("submittedBy", submittedBy)];
    const { shown } = this.input;
    const differences = shown === null ? [] : listReceiptDifferences(shown, receipt);
    if (differences.length > 0) throw notPossible("receiptDiffers", [...facts, ...differences]);
    return { facts };
  }

  /** Choose the key: the pinned one, else the one that was given. */
  private async checkKey(): Promise<Finding> {
    const { pinned, seen, key: given } = this.input;
    const key = await parseVerifierKey(pinned ?? given);
    this.key = key;
    const facts = [hash("fingerprint", key.fingerprint), text("key", key.text)];
    if (pinned !== null && pinned !== given) {
      const other = await describeKey(given);
      throw new VerificationError("pinDiffers", [
        hash("fingerprintPinned", key.fingerprint),
        hash("fingerprint", other),
        text("key", given),
      ]);
    }
    if (pinned !== null) return { facts };
    if (seen !== null && seen.key !== given) {
      const fingerprint = hash("fingerprintSeen", await describeKey(seen.key));
      throw notPossible("keyChanged", [fingerprint, ...facts]);
    }
    throw notPossible("notPinned", facts);
  }

  private async checkSignature(bundle: Bundle, key: VerifierKey | null): Promise<Finding> {
    if (key === null) throw notPossible("earlierFailed");
    const { proof } = bundle;
    if (proof.checkpoint.origin !== key.name) {
      const named = [text("origin", proof.checkpoint.origin), text("originOfKey", key.name)];
      throw new VerificationError("originDiffers", named);
    }
    if (!(await hasEd25519())) throw notPossible("noEd25519");
    await checkLogSignature(proof.note, key);
    return { facts: [text("origin", key.name), hash("fingerprint", key.fingerprint)] };
  }

  private async checkTime(bundle: Bundle, key: VerifierKey | null): Promise<Finding> {
    if (key === null) throw notPossible("earlierFailed");
    if (!(await hasEd25519())) throw notPossible("noEd25519");
    const asOfMs = await findSigningTime(bundle.proof.note, key);
    if (asOfMs === null) throw notPossible("noCosignature");
    this.asOfMs = asOfMs;
    const facts = [time("asOf", asOfMs)];
    const { nowMs } = this.input;
    if (asOfMs - nowMs > MAX_AHEAD_MS) return { facts, problem: "ahead" };
    return nowMs - asOfMs > SILENCE_MS ? { facts, problem: "silent" } : { facts };
  }

  private async checkHistory(bundle: Bundle, key: VerifierKey | null): Promise<Finding> {
    const { seen, memoryProblem } = this.input;
    if (!this.recorder.hasPassed("signature") || key === null) throw notPossible("earlierFailed");
    if (memoryProblem !== null) throw notPossible(memoryProblem);
    if (seen === null) throw notPossible("firstSeen");
    if (seen.key !== key.text) throw notPossible("otherKeySeen");
    const before = parseCheckpoint(parseNote(seen.note));
    await checkHistory(before, bundle.proof.checkpoint, this.prove);
    return { facts: [number("seenSize", before.size), hash("seenRoot", before.root)] };
  }
}

function checkDigest(asked: string, id: string, digest: string): Finding {
  const facts = [hash("digest", digest)];
  if (getDigestPart(asked) !== getDigestPart(id)) {
    throw new VerificationError("digestDiffers", [...facts, text("idAsked", asked)]);
  }
  return { facts };
}

function checkId(input: Input, bundle: Bundle, id: string): Finding {
  if (id !== bundle.id || id !== input.id) {
    const given = [text("idInBundle", bundle.id), text("idAsked", input.id)];
    throw new VerificationError("idDiffers", [text("id", id), ...given]);
  }
  const tenant = String(bundle.event["tenantId"]);
  if (input.tenantId !== "" && tenant !== input.tenantId) {
    const tenants = [text("tenant", tenant), text("tenantAsked", input.tenantId)];
    throw new VerificationError("tenantDiffers", tenants);
  }
  return { facts: [text("id", id)] };
}

/** Returns the fingerprint of a key, or what was given in its place. */
async function describeKey(given: string): Promise<string> {
  try {
    return (await parseVerifierKey(given)).fingerprint;
  } catch {
    return given;
  }
}

type PlainName = Exclude<Fact["name"], "field">;

function text(name: PlainName, value: string): Fact {
  return { name, kind: "text", value };
}

function hash(name: PlainName, value: string | Uint8Array): Fact {
  return { name, kind: "hash", value: typeof value === "string" ? value : encodeBase64(value) };
}

function number(name: PlainName, value: bigint): Fact {
  return { name, kind: "number", value };
}

function time(name: PlainName, value: number): Fact {
  return { name, kind: "time", value };
}
