import { Masked } from "../../../parts/masked";
import { Untrusted } from "../../../parts/untrusted";
import { texts } from "../../../texts";

interface Props {
  readonly value: string | undefined;
  readonly isCode?: boolean;
  readonly isMasked?: boolean;
}

/** A value of an event on one line. What is cut is in the event's own view. */
export function Text({ value, isCode = false, isMasked = false }: Props) {
  if (!value) {
    return (
      <span class="list-quiet">
        <span aria-hidden="true">–</span>
        <span class="hidden">{texts.trail.noValue}</span>
      </span>
    );
  }
  const text = isMasked ? <Masked text={value} /> : <Untrusted text={value} line />;
  return isCode ? <span class="list-code">{text}</span> : text;
}
