/** The steps of a verification, and what follows from them. */
import { type Fact, notPossible, type ProblemCode, VerificationError } from "./problems";

/** In the order in which they are shown. */
export const STEP_NAMES = [
  "bundle",
  "digest",
  "id",
  "shown",
  "inclusion",
  "receipt",
  "signature",
  "asOf",
  "witness",
  "key",
  "history",
] as const;
export type StepName = (typeof STEP_NAMES)[number];

export type StepState = "passed" | "failed" | "notPossible";

export interface Step {
  readonly name: StepName;
  readonly state: StepState;
  /** What is wrong, or why it is not possible; of a step that passed: what a reader should know. */
  readonly problem: ProblemCode | null;
  readonly facts: readonly Fact[];
  /** Of the step of a witness: its verifier key, null if that is not known. */
  readonly witness: string | null;
}

/** `refuted`: something is wrong. `unproved`: nothing is wrong, but something could not be checked. */
export type Verdict = "verified" | "refuted" | "unproved";

/** What a step that passed has found; `problem` is what a reader should know nevertheless. */
export interface Finding {
  readonly facts: readonly Fact[];
  readonly problem?: ProblemCode;
}

/** Without these nothing is verified. */
const REQUIRED: readonly StepName[] = ["bundle", "digest", "id", "inclusion", "signature"];
/** What may be impossible without a doubt about the event. */
const HARMLESS: readonly ProblemCode[] = [
  "noReceipt",
  "noCosignature",
  "witnessUnknown",
  "witnessAbsent",
  "witnessAlgorithm",
  "notPinned",
  "firstSeen",
  "storageRefused",
];

/** Runs steps, and notes what came of each. No exception leaves it. */
export class StepRecorder {
  private readonly found: Step[] = [];

  /** Run a step. Returns whether it passed. */
  async run(
    name: StepName,
    check: () => Finding | Promise<Finding>,
    witness: string | null = null,
  ): Promise<boolean> {
    let step: Step;
    try {
      const { facts, problem = null } = await check();
      step = { name, state: "passed", problem, facts, witness };
    } catch (error) {
      const { code, facts, isRefuted } = toVerificationError(error);
      step = { name, state: isRefuted ? "failed" : "notPossible", problem: code, facts, witness };
    }
    this.found.push(step);
    return step.state === "passed";
  }

  hasPassed(name: StepName): boolean {
    return this.found.some((step) => step.name === name && step.state === "passed");
  }

  get steps(): readonly Step[] {
    return STEP_NAMES.flatMap((name) => this.found.filter((step) => step.name === name));
  }

  get verdict(): Verdict {
    const { steps } = this;
    if (steps.some((step) => step.state === "failed")) return "refuted";
    const isDoubtful = (step: Step) =>
      step.state === "notPossible" && !HARMLESS.includes(step.problem ?? "unexpected");
    if (steps.some(isDoubtful) || !REQUIRED.every((name) => this.hasPassed(name))) {
      return "unproved";
    }
    return "verified";
  }
}

function toVerificationError(error: unknown): VerificationError {
  if (error instanceof VerificationError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return notPossible("unexpected", [{ name: "detail", kind: "text", value: detail }]);
}
