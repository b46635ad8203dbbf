import type { ReadonlySignal } from "@preact/signals";
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

/** How often arrivals are counted at most. */
const REFRESH_MS = 60_000;

/**
 * Count the events of a request: once for each key, and again when `newest`, the id of the newest
 * event, has changed since. A superseded request is aborted.
 */
export function useCounts(
  api: Api,
  request: StatisticsRequest,
  newest: ReadonlySignal<string | null>,
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
  const retry = () => setAttempt((before) => before + 1);
  useEffect(() => {
    let counted: string | null = null;
    const timer = setInterval(() => {
      const id = newest.peek();
      if (document.hidden || id === null || id === counted) return;
      if (counted !== null) retry();
      counted = id;
    }, REFRESH_MS);
    const end = newest.subscribe((id) => {
      counted ??= id;
    });
    return () => {
      clearInterval(timer);
      end();
    };
  }, [newest, request.key]);
  return [counts, retry];
}
