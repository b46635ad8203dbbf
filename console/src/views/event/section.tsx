import type { ComponentChildren } from "preact";

interface Props {
  readonly title: string;
  /** A word or two beside the title. */
  readonly note?: string;
  readonly isOpen?: boolean;
  readonly children: ComponentChildren;
}

/** A part of an event that can be folded. */
export function Section({ title, note = "", isOpen = true, children }: Props) {
  return (
    <details class="event-section" open={isOpen}>
      <summary>
        <h3>{title}</h3>
        {note && <span class="event-note">{note}</span>}
      </summary>
      <div class="event-content">{children}</div>
    </details>
  );
}
