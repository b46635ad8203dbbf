import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { texts } from "../texts";

interface Props {
  /** The text, or what makes it when it is asked for. */
  readonly text: string | (() => string);
  readonly label: string;
  /** Whether the button shows its icon alone: the label is its name and title. */
  readonly isIcon?: boolean;
}

type State = "ready" | "copied" | "refused";
const SHOWN_MS = 5_000;

/** A button that copies a text and says so. Where the clipboard is refused, it selects the text for the reader. */
export function CopyButton({ text, label, isIcon = false }: Props) {
  const [state, setState] = useState<State>("ready");
  const read = () => (typeof text === "string" ? text : text());
  useEffect(() => {
    if (state !== "copied") return undefined;
    const timer = setTimeout(() => setState("ready"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(read());
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  return (
    <span class="copy">
      <button
        type="button"
        class={isIcon ? "copy-button copy-button-icon" : "copy-button"}
        title={isIcon ? label : undefined}
        data-state={state}
        onClick={() => void copy()}
      >
        {state === "copied" ? <span aria-hidden="true">✓</span> : <Icon />}
        {isIcon ? <span class="hidden">{label}</span> : label}
      </button>
      <span class="copy-status" role="status">
        {state === "ready" ? "" : texts.copy[state]}
      </span>
      {state === "refused" && <Selected text={read()} label={label} onLeave={() => setState("ready")} />}
    </span>
  );
}

function Icon() {
  return (
    <svg class="copy-icon" viewBox="0 0 12 12" aria-hidden="true">
      <path d="M4 3.5h6.5v7H4zM1.5 8.5v-7H8" />
    </svg>
  );
}

interface SelectedProps {
  readonly text: string;
  readonly label: string;
  readonly onLeave: () => void;
}

function Selected({ text, label, onLeave }: SelectedProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.select(), []);
  return (
    <span class="copy-refused">
      <span aria-hidden="true">{texts.copy.refused}</span>
      <textarea ref={field} readOnly rows={2} aria-label={label} value={text} onBlur={onLeave} />
    </span>
  );
}
