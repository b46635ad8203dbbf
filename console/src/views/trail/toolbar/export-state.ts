import { signal } from "@preact/signals";
import type { Api, Query } from "../../../api/client";
import { loadLaterCode } from "../../../state/later";
import type { ExportResult, Format, Progress } from "./export";

export type ExportState =
  | { readonly kind: "running"; readonly progress: Progress; readonly cancel: () => void }
  | { readonly kind: "done"; readonly result: ExportResult }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: unknown };

/** The export that runs, or the last one; null before the first, and after it was dismissed. */
export function makeExports(api: Api) {
  const state = signal<ExportState | null>(null);

  async function start(query: Query, format: Format): Promise<void> {
    const { exportEvents, openSink } = await loadLaterCode();
    const day = new Date().toISOString().slice(0, 10);
    const sink = await openSink(`audit-events-${day}.${format}`, format);
    if (sink === null) return;
    const abort = new AbortController();
    const show = (progress: Progress) => {
      state.value = { kind: "running", progress, cancel: () => abort.abort() };
    };
    show({ events: 0, unreadable: 0 });
    try {
      const { signal } = abort;
      const result = await exportEvents({ api, query, format, sink, signal, onProgress: show });
      state.value = { kind: "done", result };
    } catch (error) {
      state.value = abort.signal.aborted ? { kind: "cancelled" } : { kind: "failed", error };
    }
  }

  const dismiss = () => {
    state.value = null;
  };
  return { state, start, dismiss };
}

export type Exports = ReturnType<typeof makeExports>;
