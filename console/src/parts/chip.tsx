import type { ComponentChildren } from "preact";
import { texts } from "../texts";
import { Untrusted } from "./untrusted";

interface Props {
  /** What the filter is called. */
  readonly label: string;
  readonly isInvalid?: boolean;
  readonly onRemove: () => void;
  /** The filter's `ChipText`, alone or in a button. */
  readonly children: ComponentChildren;
}

/** A filter that is set, with a button that removes it. */
export function Chip({ label, isInvalid = false, onRemove, children }: Props) {
  return (
    <span class={isInvalid ? "chip chip-invalid" : "chip"}>
      {children}
      <button type="button" class="chip-remove" aria-label={texts.filters.remove(label)} onClick={onRemove}>
        <span aria-hidden="true">×</span>
      </button>
    </span>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
}

/** The name and the value of a filter. */
export function ChipText({ label, value }: TextProps) {
  return (
    <>
      <span class="chip-name">{label}</span>{" "}
      <span class="chip-value">
        <Untrusted text={value} line />
      </span>
    </>
  );
}
