import { ApiError } from "../../../api/client";
import { texts } from "../../../texts";

interface Props {
  readonly error: unknown;
  readonly retry: () => void;
}

/** Says in one line why the histogram cannot be shown, in its place. */
export function CountFailure({ error, retry }: Props) {
  const kind = error instanceof ApiError ? error.kind : "failed";
  const [title, explanation] = texts.failures[kind];
  const detail = error instanceof ApiError && kind === "invalid" ? error.message : explanation;
  return (
    <div class="toolbar-histogram-failure" role="alert">
      <span>
        <strong>⚠ {kind === "invalid" ? texts.filters.refused : title}</strong> {detail}
      </span>
      <button type="button" class="toolbar-button" onClick={retry}>
        {texts.retry}
      </button>
    </div>
  );
}
