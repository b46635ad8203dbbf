import type { ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Api } from "../../../api/client";
import type { Statistics } from "../../../api/types";
import { MINUTE_MS } from "../../../durations";
import { useLoad, type Loaded } from "../../../state/load";
import type { StatisticsRequest } from "./series";

/** Statistics, and the request that they are the response to. */
export interface Counts {
  readonly statistics: Statistics;
  readonly request: StatisticsRequest;
}

/** How often arrivals are counted at most. */
const REFRESH_MS = MINUTE_MS;

/**
 * Count the events of a request: once for each key, and again when `newest`, the id of the newest
 * event, has changed since.
 */
export function useCounts(
  api: Api,
  request: StatisticsRequest,
  newest: ReadonlySignal<string | null>,
  onCounted: (statistics: Statistics) => void,
): Loaded<Counts> {
  const loaded = useLoad<Counts>(request.key, async (signal) => {
    const statistics = await api.getStatistics(request.query(Date.now()), signal);
    signal.throwIfAborted();
    onCounted(statistics);
    return { statistics, request };
  });
  useArrivals(newest, request.key, loaded.reload);
  return loaded;
}

/** Call `onArrival` when there is a newer event than at the last look, once in `REFRESH_MS` at most. */
function useArrivals(newest: ReadonlySignal<string | null>, key: string, onArrival: () => void): void {
  useEffect(() => {
    let counted: string | null = null;
    const timer = setInterval(() => {
      const id = newest.peek();
      if (document.hidden || id === null || id === counted) return;
      if (counted !== null) onArrival();
      counted = id;
    }, REFRESH_MS);
    const end = newest.subscribe((id) => {
      counted ??= id;
    });
    return () => {
      clearInterval(timer);
      end();
    };
  }, [newest, key]);
}
