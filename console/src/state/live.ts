import { signal, type ReadonlySignal } from "@preact/signals";
import { ApiError } from "../api/client";
import type { Range } from "./filters";
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

/** Returns whether events can arrive in the range. */
export function isOpenRange(range: Range, nowMs: number): boolean {
  return range.kind !== "fixed" || Date.parse(range.end) > nowMs;
}

/** Starts live mode. `document` is the page, which may be hidden. */
export function startLive(trail: Trail, document: Document): LiveReader {
  const reader = new LivePoller(trail, document);
  reader.start();
  return reader;
}

class LivePoller implements LiveReader {
  readonly status = signal<LiveStatus>("on");
  private readonly stopped = new AbortController();
  private polls = 0;
  private isPolling = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly trail: Trail,
    private readonly document: Document,
  ) {}

  start(): void {
    this.document.addEventListener("visibilitychange", this.onVisibility);
    this.plan(POLL_MS / 5);
  }

  stop(): void {
    this.stopped.abort();
    clearTimeout(this.timer);
    this.document.removeEventListener("visibilitychange", this.onVisibility);
    this.status.value = "off";
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.timer);
    this.polls = 0;
    if (!this.document.hidden) this.plan(0);
  };

  private plan(waitMs: number): void {
    clearTimeout(this.timer);
    if (!this.stopped.signal.aborted) this.timer = setTimeout(() => void this.run(), waitMs);
  }

  private async run(): Promise<void> {
    if (this.document.hidden || this.isPolling) return;
    this.isPolling = true;
    const waitMs = await this.poll();
    this.isPolling = false;
    this.plan(waitMs);
  }

  /** Returns the milliseconds to the next poll. */
  private async poll(): Promise<number> {
    const { signal: stopped } = this.stopped;
    try {
      await this.trail.poll(this.polls % WIDE_EVERY === 0, stopped);
      this.polls += 1;
      if (!stopped.aborted) this.status.value = "on";
      return POLL_MS;
    } catch (error) {
      if (!(error instanceof ApiError)) return POLL_MS; // aborted: the list is loaded again
      this.status.value = "waiting";
      return error.retryAfter === null ? FAILED_MS : error.retryAfter * 1_000;
    }
  }
}
