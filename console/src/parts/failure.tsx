import { ApiError } from "../api/client";
import { texts } from "../texts";

interface Props {
  readonly error: unknown;
  readonly retry?: () => void;
}

/** Says why something could not be loaded, and offers to try again. */
export function Failure({ error, retry }: Props) {
  const kind = error instanceof ApiError ? error.kind : "failed";
  const [title, explanation] = texts.failures[kind];
  return (
    <div class="failure" role="alert">
      <h3>{title}</h3>
      <p>{explanation}</p>
      {retry && (
        <button type="button" onClick={retry}>
          {texts.retry}
        </button>
      )}
    </div>
  );
}
