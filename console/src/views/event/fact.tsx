import type { ComponentChildren } from "preact";
import { Masked } from "../../parts/masked";
import { Untrusted } from "../../parts/untrusted";

interface GroupProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

/** Facts of one kind. */
export function Group({ name, children }: GroupProps) {
  return (
    <div class="event-group">
      <h4>{name}</h4>
      <dl>{children}</dl>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly text?: string | undefined;
  /** What to say if there is no text; without it, the fact is left out. */
  readonly absent?: string;
  readonly isCode?: boolean;
  readonly isMasked?: boolean;
  readonly pivot?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** A fact of an event: its name, its value, and a way to others that share it. */
export function Fact({ name, text, absent, isCode = false, isMasked = false, pivot, children }: FactProps) {
  if (text === undefined && absent === undefined && !children) return null;
  return (
    <div class="event-fact">
      <dt>{name}</dt>
      <dd>
        <div class={isCode ? "event-value event-code" : "event-value"}>
          {text === undefined ? (
            <span class="event-quiet">{absent}</span>
          ) : isMasked ? (
            <Masked text={text} />
          ) : (
            <Untrusted text={text} />
          )}
          {children}
        </div>
        {pivot}
      </dd>
    </div>
  );
}
