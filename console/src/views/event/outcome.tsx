import { texts } from "../../texts";

/** How an operation ended, by sign, word and colour. */
export function Outcome({ success }: { readonly success: boolean }) {
  return (
    <span class="event-outcome" data-success={success}>
      <span aria-hidden="true">{success ? "✓" : "✕"}</span> {success ? texts.event.succeeded : texts.event.failed}
    </span>
  );
}
