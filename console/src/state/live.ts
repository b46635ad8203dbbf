import { signal, type ReadonlySignal } from "@preact/signals";
import { ApiError } from "../api/client";
import { WIDE_OVERLAP_MS, type Trail } from "./trail";

export type LiveStatus = "off" | "on" | "waiting";

/**
 * Looks for events that arrive, every few seconds while the page is visible.
 *
 * The API orders events by their own time, and has no order of arrival. So each poll reads the last
 * `OVERLAP_MS` before the newest event again, and one in `WIDE_EVERY` the last `WIDE_OVERLAP_MS`.
 * Two kinds of events are shown only when the list is loaded again: those that arrive more than
 * `WIDE_OVERLAP_MS` after their own time, and late ones beyond the 5,000 events that a poll reads.
 */
export interface LiveReader {
  readonly status: ReadonlySignal<LiveStatus>;
  stop(): void;
}

export const POLL_MS = 5_000;
export const WIDE_EVERY = 12;
const FAILED_MS = 15_000;
/** For the text that says what live mode does not show. */
export const WIDE_OVERLAP_MINUTES = WIDE_OVERLAP_MS / 60_000;

export function startLive(trail: Trail, document: Document): LiveReader {
  const status = signal<LiveStatus>("on");
  const stopped = new AbortController();
  let polls = 0;
  let isPolling = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    if (document.hidden || isPolling) return;
    isPolling = true;
    const waitMs = await poll();
    isPolling = false;
    plan(waitMs);
  }

  /** Returns the milliseconds to the next poll. */
  async function poll(): Promise<number> {
    try {
      await trail.poll(polls % WIDE_EVERY === 0, stopped.signal);
      polls += 1;
      if (!stopped.signal.aborted) status.value = "on";
      return POLL_MS;
    } catch (error) {
      if (!(error instanceof ApiError)) return POLL_MS; // aborted: the list is loaded again
      status.value = "waiting";
      return error.retryAfter === null ? FAILED_MS : error.retryAfter * 1_000;
    }
  }

  function plan(waitMs: number): void {
    clearTimeout(timer);
    if (!stopped.signal.aborted) timer = setTimeout(() => void run(), waitMs);
  }

  function onVisibility(): void {
    clearTimeout(timer);
    polls = 0;
    if (!document.hidden) plan(0);
  }

  document.addEventListener("visibilitychange", onVisibility);
  plan(POLL_MS / 5);
  return {
    status,
    stop() {
      stopped.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
      status.value = "off";
    },
  };
}
