import { ApiError, type Api, type Query } from "../../../api/client";
import type { TrailItem } from "../../../api/types";
import { encodeRecord, HEADER } from "./csv";

export type Format = "ndjson" | "csv";

/** The most events of a file that the browser holds in memory until it is whole. */
export const MAX_IN_MEMORY = 100_000;
/** The most events of a file that is written while it is read. */
export const MAX_ON_DISK = 1_000_000;
const PAGE_SIZE = 1_000;
const MAX_ATTEMPTS = 6;
const DEFAULT_WAIT_SECONDS = 2;

/** Where an export goes. Nothing of it is kept before `finish`, nor after `discard`. */
export interface Sink {
  readonly maxEvents: number;
  write(text: string): Promise<void>;
  finish(): Promise<void>;
  discard(): Promise<void>;
}

export interface Progress {
  readonly events: number;
  /** Events that somebody changed or deleted in the store: only their ids are written. */
  readonly unreadable: number;
}

export interface ExportResult extends Progress {
  /** False if the sink's limit came before the last event. */
  readonly isComplete: boolean;
}

export interface ExportOptions {
  readonly api: Pick<Api, "listEvents">;
  readonly query: Query;
  readonly format: Format;
  readonly sink: Sink;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Write every event of a query, a page at a time.
 * Rejects with `ApiError`, with the signal's reason, or with the sink's error; the sink is discarded then.
 */
export async function exportEvents(options: ExportOptions): Promise<ExportResult> {
  try {
    const result = await writeEvents(options);
    options.signal.throwIfAborted();
    await options.sink.finish();
    return result;
  } catch (error) {
    await options.sink.discard().catch(() => undefined);
    throw error;
  }
}

async function writeEvents(options: ExportOptions): Promise<ExportResult> {
  const { format, sink, onProgress } = options;
  const encode = format === "csv" ? encodeRecord : encodeLine;
  if (format === "csv") await sink.write(HEADER);
  let progress: Progress = { events: 0, unreadable: 0 };
  let cursor: string | undefined;
  do {
    const limit = Math.min(PAGE_SIZE, sink.maxEvents - progress.events);
    const page = await readPage(options, { ...options.query, limit, cursor });
    await sink.write(page.items.map(encode).join(""));
    progress = {
      events: progress.events + page.items.length,
      unreadable: progress.unreadable + page.items.filter((item) => "unreadable" in item).length,
    };
    onProgress(progress);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && progress.events < sink.maxEvents);
  return { ...progress, isComplete: cursor === undefined };
}

const encodeLine = (item: TrailItem) => `${JSON.stringify(item)}\n`;

/** Read a page; wait and try again while the API is busy. */
async function readPage({ api, signal }: ExportOptions, query: Query) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.listEvents(query, signal);
    } catch (error) {
      const isBusy =
        error instanceof ApiError && (error.kind === "throttled" || error.kind === "unavailable");
      if (!isBusy || attempt === MAX_ATTEMPTS) throw error;
      await wait((error.retryAfter ?? DEFAULT_WAIT_SECONDS) * 1_000, signal);
    }
  }
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
