import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../../api/client";
import type { Statistics } from "../../../api/types";
import type { StatisticsRequest } from "./series";

/** What is known of the counts. While new ones load, those before stay. */
export interface Counts {
  readonly statistics: Statistics | null;
  /** The request that `statistics` is the response to. */
  readonly request: StatisticsRequest | null;
  readonly error: unknown;
  readonly isLoading: boolean;
}

const START: Counts = { statistics: null, request: null, error: null, isLoading: true };

/** Count the events of a request, once for each key. A superseded request is aborted. */
export function useCounts(
  api: Api,
  request: StatisticsRequest,
  onCounted: (statistics: Statistics) => void,
): readonly [Counts, retry: () => void] {
  const [counts, setCounts] = useState(START);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setCounts((before) => ({ ...before, isLoading: true, error: null }));
    api.getStatistics(request.query(Date.now()), abort.signal).then(
      (statistics) => {
        if (abort.signal.aborted) return;
        setCounts({ statistics, request, error: null, isLoading: false });
        onCounted(statistics);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setCounts({ statistics: null, request: null, error, isLoading: false });
      },
    );
    return () => abort.abort();
  }, [request.key, attempt]);
  return [counts, () => setAttempt((before) => before + 1)];
}
