import type { ComponentChildren } from "preact";

interface Props {
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Choices side by side, of which one is made: `Segment`s, or other buttons that say whether they are pressed. */
export function Segments({ label, children }: Props) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {children}
    </div>
  );
}

interface SegmentProps {
  readonly isChosen: boolean;
  /** The whole name, if the text is a short one. */
  readonly label?: string;
  readonly onChoose: () => void;
  readonly children: ComponentChildren;
}

export function Segment({ isChosen, label, onChoose, children }: SegmentProps) {
  return (
    <button type="button" aria-label={label} aria-pressed={isChosen} onClick={onChoose}>
      {children}
    </button>
  );
}
