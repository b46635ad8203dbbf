import type { ComponentChildren } from "preact";
import { texts } from "../texts";

/** Says that something is on its way. It appears after a moment, so that a fast response does not flicker. */
export function Loading() {
  return (
    <div class="state state-loading" role="status">
      <span class="state-spinner" aria-hidden="true" />
      {texts.loading}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  /** What the reader can do about it. */
  readonly children?: ComponentChildren;
}

/** Says that there is nothing to show, and why. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="state" role="status">
      <p class="state-title">{title}</p>
      {children}
    </div>
  );
}
