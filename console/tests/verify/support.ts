import type { ProveConsistency } from "../../src/verify/history";
import { notPossible } from "../../src/verify/problems";
import { type Input, type Result, verify } from "../../src/verify/verify";
import vectors from "./vectors.json";

export { vectors };

export type BundleName = keyof typeof vectors.bundles;

const NO_PROOF: ProveConsistency = () =>
  Promise.reject(notPossible("consistencyUnavailable"));

/** Verify one of the bundles, with what is given in place of its own. */
export function verifyVector(
  name: BundleName,
  change: Partial<Input> = {},
  prove: ProveConsistency = NO_PROOF,
): Promise<Result> {
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
    prove,
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
