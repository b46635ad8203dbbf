/** What verification can find wrong, or cannot do. `texts.verified.problems` has a sentence for each. */
export const PROBLEMS = [
  "base64",
  "tooLong",
  "bundleJson",
  "bundleFields",
  "bundleFormat",
  "bundleUnicode",
  "bundleEvent",
  "noteForm",
  "noteLines",
  "keyForm",
  "keyId",
  "keyType",
  "checkpointForm",
  "proofForm",
  "digestDiffers",
  "idDiffers",
  "tenantDiffers",
  "shownDiffers",
  "indexBeyond",
  "proofHashes",
  "rootDiffers",
  "originDiffers",
  "notSigned",
  "signatureInvalid",
  "cosignatureInvalid",
  "witnessInvalid",
  "witnessIsLog",
  "witnessKeyChanged",
  "pinDiffers",
  "historySmaller",
  "historyForked",
  // Not possible, rather than wrong:
  "earlierFailed",
  "noReceipt",
  "receiptDiffers",
  "noEd25519",
  "noCrypto",
  "noCosignature",
  "silent",
  "ahead",
  "witnessUnknown",
  "witnessAbsent",
  "witnessMissing",
  "witnessAlgorithm",
  "witnessNotPinned",
  "notPinned",
  "keyChanged",
  "firstSeen",
  "otherKeySeen",
  "storageRefused",
  "storageDamaged",
  "consistencyUnavailable",
  "unexpected",
] as const;
export type ProblemCode = (typeof PROBLEMS)[number];

/** A fact that a step found: hashes in hex or base64, times in milliseconds since 1970. */
export type Fact =
  | { readonly name: FactName; readonly kind: "text" | "hash"; readonly value: string }
  | { readonly name: FactName; readonly kind: "number" | "time"; readonly value: number | bigint }
  | {
      readonly name: "field";
      readonly kind: "difference";
      readonly field: string;
      readonly shown: string;
      readonly proved: string;
    };

export type FactName =
  | "format"
  | "digest"
  | "digestShown"
  | "id"
  | "idAsked"
  | "idInBundle"
  | "tenant"
  | "tenantAsked"
  | "field"
  | "index"
  | "size"
  | "root"
  | "rootComputed"
  | "receivedAt"
  | "submittedBy"
  | "origin"
  | "originOfKey"
  | "fingerprint"
  | "fingerprintPinned"
  | "fingerprintSeen"
  | "key"
  | "asOf"
  | "witness"
  | "cosignedAt"
  | "seenSize"
  | "seenRoot"
  | "detail";

/** A check that did not pass. `isRefuted`: something is wrong; else it could not be checked. */
export class VerificationError extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly facts: readonly Fact[] = [],
    readonly isRefuted = true,
  ) {
    super(code);
    this.name = "VerificationError";
  }
}

/** Returns the error of a check that is not possible here, which refutes nothing. */
export function notPossible(code: ProblemCode, facts: readonly Fact[] = []): VerificationError {
  return new VerificationError(code, facts, false);
}
