import { ApiError } from "../../../api/client";
import { formatNumber } from "../../../format";
import { texts } from "../../../texts";
import type { Exports, ExportState } from "./export-state";

interface Props {
  readonly exports: Exports;
}

/** What an export does, or how it ended. */
export function ExportStatus({ exports }: Props) {
  const state = exports.state.value;
  return (
    <div class="toolbar-export-status" role="status" data-kind={state?.kind}>
      {state && (
        <>
          <span>{describe(state)}</span>
          {state.kind === "running" ? (
            <button type="button" class="toolbar-button" onClick={state.cancel}>
              {texts.cancel}
            </button>
          ) : (
            <button type="button" class="toolbar-button" onClick={exports.dismiss}>
              {texts.exporting.close}
            </button>
          )}
        </>
      )}
    </div>
  );
}

function describe(state: ExportState): string {
  switch (state.kind) {
    case "running":
      return texts.exporting.progress(formatNumber(state.progress.events));
    case "cancelled":
      return texts.exporting.cancelled;
    case "failed":
      return `⚠ ${texts.exporting.failed} ${describeError(state.error)}`;
    case "done": {
      const { events, unreadable, isComplete } = state.result;
      const ended = isComplete ? texts.exporting.done : texts.exporting.limited;
      const rest = unreadable > 0 ? ` ${texts.exporting.unreadable(formatNumber(unreadable))}` : "";
      return `${isComplete ? "✓" : "⚠"} ${ended(formatNumber(events))}${rest}`;
    }
  }
}

function describeError(error: unknown): string {
  if (error instanceof ApiError && error.kind !== "invalid") return texts.failures[error.kind].join(": ");
  return error instanceof Error ? error.message : String(error);
}
