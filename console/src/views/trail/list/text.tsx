import { Untrusted } from "../../../parts/untrusted";
import { texts } from "../../../texts";

/** Longer than any column; what is cut is in the event's own view. */
const MAX_CHARACTERS = 160;

interface Props {
  readonly value: string | undefined;
  readonly isCode?: boolean;
}

/** A value of an event on one line. */
export function Text({ value, isCode = false }: Props) {
  if (!value) {
    return (
      <span class="list-quiet">
        <span aria-hidden="true">–</span>
        <span class="list-hidden">{texts.trail.noValue}</span>
      </span>
    );
  }
  const text = <Untrusted text={cut(value)} />;
  return isCode ? <span class="list-code">{text}</span> : text;
}

function cut(value: string): string {
  if (value.length <= MAX_CHARACTERS) return value;
  const start = value.slice(0, MAX_CHARACTERS).replace(/[\uD800-\uDBFF]$/, "");
  return `${start}…`;
}
