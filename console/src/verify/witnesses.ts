/** Checks the cosignatures of witnesses: C2SP tlog-cosignature. */
import { areEqual } from "./bytes";
import { hasEd25519 } from "./crypto";
import { type Note, parseWitnessKey, type VerifierKey, type WitnessKey } from "./note";
import { type Fact, notPossible, VerificationError } from "./problems";
import { checkCosignature, isNamed, listWitnessLines, MAX_SECONDS } from "./signatures";
import type { Finding } from "./steps";

/** Verifier keys of witnesses: those that the log names, and those that the reader has pinned. */
export interface WitnessKeys {
  readonly given: readonly string[];
  readonly pinned: readonly string[];
}

/** The check of one witness. `key` is its verifier key, null if the page does not know it. */
export interface WitnessCheck {
  readonly key: string | null;
  readonly run: () => Promise<Finding>;
}

/** Returns a check for each known witness, and one for each cosignature of an unknown witness. */
export async function listWitnessChecks(
  note: Note,
  log: VerifierKey,
  keys: WitnessKeys,
): Promise<readonly WitnessCheck[]> {
  const texts = [...new Set([...keys.pinned, ...keys.given])];
  const parsed = new Map<string, WitnessKey>();
  for (const text of texts) {
    const key = await parseWitnessKey(text).catch(() => null);
    if (key !== null) parsed.set(text, key);
  }
  const run = new WitnessRun(note, log, keys, parsed);
  const known = texts.filter((text) => !run.isReplacement(text));
  const unknown = listWitnessLines(note, log).filter(
    (line) => ![...parsed.values()].some(({ name, id }) => isNamed(line, name, id)),
  );
  return [
    ...known.map((key) => ({ key, run: () => run.check(key) })),
    ...unknown.map(({ name }) => ({
      key: null,
      run: () => Promise.reject(notPossible("witnessUnknown", [describeName(name)])),
    })),
  ];
}

/** Returns the names of the witnesses with these keys whose cosignatures are valid. */
export async function listVerifiedWitnesses(
  note: Note,
  log: VerifierKey,
  given: readonly string[],
): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { run } of await listWitnessChecks(note, log, { given, pinned: [] })) {
    const finding = await run().catch(() => null);
    const name = finding?.facts.find((fact) => fact.name === "witness");
    if (name?.kind === "text") names.add(name.value);
  }
  return [...names];
}

class WitnessRun {
  constructor(
    private readonly note: Note,
    private readonly log: VerifierKey,
    private readonly keys: WitnessKeys,
    private readonly parsed: ReadonlyMap<string, WitnessKey>,
  ) {}

  /** Verify every cosignature with this key. Throws a VerificationError. */
  async check(text: string): Promise<Finding> {
    const key = this.parsed.get(text) ?? (await refuseKey(text));
    const facts = [describeName(key.name), ...describeKey(key)];
    const isPinned = this.keys.pinned.includes(text);
    if (areEqual(key.publicKey, this.log.publicKey)) {
      throw new VerificationError("witnessIsLog", facts);
    }
    const replacements = isPinned ? this.findReplacements(text) : [];
    if (replacements.length > 0) {
      const given = replacements.flatMap(describeKey);
      const pinned: Fact = { name: "fingerprintPinned", kind: "hash", value: key.fingerprint };
      throw new VerificationError("witnessKeyChanged", [describeName(key.name), pinned, ...given]);
    }
    const lines = this.note.signatures.filter((line) => isNamed(line, key.name, key.id));
    if (lines.length === 0) {
      throw notPossible(isPinned ? "witnessMissing" : "witnessAbsent", facts);
    }
    if (!key.isEd25519) throw notPossible("witnessAlgorithm", facts);
    if (!(await hasEd25519())) throw notPossible("noEd25519", facts);
    let latest = 0n;
    for (const { content } of lines) {
      const seconds = await this.checkLine(content, key, facts);
      if (seconds > latest) latest = seconds;
    }
    const time: Fact = { name: "cosignedAt", kind: "time", value: Number(latest) * 1000 };
    const found = latest > MAX_SECONDS ? facts : [...facts, time]; // no date can be shown for it
    return isPinned ? { facts: found } : { facts: found, problem: "witnessNotPinned" };
  }

  /** Returns whether the log gives this key in the place of one that is pinned. */
  isReplacement(text: string): boolean {
    return this.keys.pinned.some((pinned) =>
      this.findReplacements(pinned).some((key) => key.text === text),
    );
  }

  /** Returns the keys, not pinned, that the log gives for this witness in place of the pinned one. */
  private findReplacements(pinned: string): readonly WitnessKey[] {
    if (this.keys.given.includes(pinned)) return [];
    const name = this.parsed.get(pinned)?.name;
    return this.keys.given.flatMap((text) => {
      const key = this.keys.pinned.includes(text) ? undefined : this.parsed.get(text);
      return key !== undefined && key.name === name ? [key] : [];
    });
  }

  private async checkLine(
    content: Parameters<typeof checkCosignature>[1],
    key: WitnessKey,
    facts: readonly Fact[],
  ): Promise<bigint> {
    try {
      return await checkCosignature(this.note.text, content, key.publicKey);
    } catch (error) {
      if (error instanceof VerificationError) throw new VerificationError("witnessInvalid", facts);
      throw error;
    }
  }
}

/** Throws the VerificationError of a key that is not valid. */
async function refuseKey(text: string): Promise<WitnessKey> {
  try {
    return await parseWitnessKey(text);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    throw new VerificationError(error.code, [{ name: "key", kind: "text", value: text }]);
  }
}

function describeName(name: string): Fact {
  return { name: "witness", kind: "text", value: name };
}

function describeKey({ fingerprint, text }: WitnessKey): readonly Fact[] {
  return [
    { name: "fingerprint", kind: "hash", value: fingerprint },
    { name: "key", kind: "text", value: text },
  ];
}
