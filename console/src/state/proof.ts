/** Fetches an event's bundle and the log's key, and verifies them in this browser. */
import { type Api, ApiError } from "../api/client";
import type { Log } from "../api/types";
import { encodeBase64 } from "../verify/bytes";
import type { ProveConsistency } from "../verify/history";
import { notPossible } from "../verify/problems";
import { type Result, verify } from "../verify/verify";
import type { TrustStore } from "./trust";

/** The name of the browser's measure from the bundle's arrival to the result. */
export const VERIFY_MEASURE = "prooftrail.verify";

export interface ProofRequest {
  readonly id: string;
  readonly tenantId: string;
  /** The event as the page shows it, null if it shows none. */
  readonly shown: Readonly<Record<string, unknown>> | null;
}

export interface Proved {
  readonly result: Result;
  /** The response's text: the bundle, for `prooftrail verify bundle`. */
  readonly bundle: string;
  /** The verifier key that the log gives. */
  readonly givenKey: string;
  readonly pinned: string | null;
  /** The witnesses' keys that were pinned. */
  readonly pinnedWitnesses: readonly string[];
  /** Whether the browser keeps what the page has seen. */
  readonly isKept: boolean;
}

/** Returns what came of a verification. Rejects with `ApiError`, or with the signal's reason. */
export async function prove(
  api: Api,
  trust: TrustStore,
  request: ProofRequest,
  signal: AbortSignal,
): Promise<Proved> {
  const { id, tenantId, shown } = request;
  const query = { tenantId: tenantId || undefined };
  // Read before the log is asked: later, another tab may have seen a newer checkpoint than this bundle's.
  const { trust: trusted, problem } = trust.read();
  const [bundle, log] = await Promise.all([api.getBundle(id, query, signal), api.getLog(signal)]);
  const start = performance.now();
  const givenKey = String(log.verifierKey);
  const result = await verify(
    {
      bundle,
      id,
      tenantId,
      shown,
      key: givenKey,
      pinned: trusted.pinned,
      seen: trusted.seen,
      witnesses: { given: listWitnessKeys(log), pinned: trusted.witnesses },
      memoryProblem: problem,
      nowMs: Date.now(),
    },
    makeProveConsistency(api, signal),
  );
  performance.measure(VERIFY_MEASURE, { start });
  signal.throwIfAborted();
  const isKept = trust.see(result) && problem === null;
  const { pinned, witnesses: pinnedWitnesses } = trusted;
  return { result, bundle, givenKey, pinned, pinnedWitnesses, isKept };
}

/** Returns the keys of the witnesses that the log names. A stack of an earlier version names none. */
export function listWitnessKeys({ witnesses }: Log | OlderLog): readonly string[] {
  return (witnesses ?? []).map(({ verifierKey }) => String(verifierKey));
}

type OlderLog = Omit<Log, "witnesses"> & { readonly witnesses?: undefined };

function makeProveConsistency(api: Api, signal: AbortSignal): ProveConsistency {
  return async (seen, today) => {
    const states = {
      oldSize: String(seen.size),
      oldRoot: encodeBase64(seen.root),
      size: String(today.size),
      root: encodeBase64(today.root),
    };
    try {
      const { hashes } = await api.getConsistency(states, signal);
      return hashes.map(String);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "checkpoint_not_in_log") return null;
      const detail = { name: "detail", kind: "text", value: error.message } as const;
      throw notPossible("consistencyUnavailable", [detail]);
    }
  };
}

/** Returns whether the event is stored, but no checkpoint covers it yet. */
export function isNotPublished(error: unknown): error is ApiError {
  return error instanceof ApiError && error.kind === "notFound" && error.retryAfter !== null;
}
