import { texts } from "../texts";
import { Untrusted } from "./untrusted";

export type RightName = keyof typeof texts.personal.rights;

interface Props {
  /** What the reader wanted to do. */
  readonly name: RightName;
  readonly error: Error;
  readonly retry: () => void;
}

/** Says which right is missing, and who can give it. */
export function MissingRight({ name, error, retry }: Props) {
  const [title, ...sentences] = texts.personal.rights[name];
  return (
    <div class="missing-right" role="alert">
      <h3>
        <span aria-hidden="true">⚠</span> {title}
      </h3>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p class="missing-right-message">
        {texts.serverSays} <Untrusted text={error.message} />
      </p>
      <button type="button" class="button" onClick={retry}>
        {texts.retry}
      </button>
    </div>
  );
}
