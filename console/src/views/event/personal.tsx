import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import type { StoredEvent } from "../../api/types";
import { formatNumber } from "../../format";
import { Failure } from "../../parts/failure";
import { MissingRight } from "../../parts/missing-right";
import { useConsole } from "../../state/context";
import { readMasks } from "../../state/masks";
import { texts } from "../../texts";

type State =
  | { readonly kind: "masked" }
  | { readonly kind: "loading" }
  | { readonly kind: "shown"; readonly event: StoredEvent }
  | { readonly kind: "failed"; readonly error: unknown };

export interface Personal {
  readonly state: State;
  /** Ask the API for the event as it is stored. */
  readonly show: () => void;
  readonly hide: () => void;
}

/** The personal data of an event: masked until the reader asks for it. */
export function usePersonal(id: string, tenantId: string): Personal {
  const { api } = useConsole();
  const [state, setState] = useState<State>({ kind: "masked" });
  useEffect(() => {
    if (state.kind !== "loading") return undefined;
    const aborter = new AbortController();
    const { signal } = aborter;
    api.getUnmaskedEvent(id, { tenantId: tenantId || undefined }, signal).then(
      (event) => !signal.aborted && setState({ kind: "shown", event }),
      (error: unknown) => !signal.aborted && setState({ kind: "failed", error }),
    );
    return () => aborter.abort();
  }, [api, id, tenantId, state.kind]);
  return { state, show: () => setState({ kind: "loading" }), hide: () => setState({ kind: "masked" }) };
}

interface NoticeProps {
  readonly event: StoredEvent;
  readonly personal: Personal;
}

/** Says how much of the event is masked, with a button that shows it, or why it cannot be shown. */
export function PersonalNotice({ event, personal: { state, show, hide } }: NoticeProps) {
  const { count } = readMasks(event);
  if (count === 0) return null;
  if (state.kind === "failed") {
    const { error } = state;
    const isForbidden = error instanceof ApiError && error.kind === "forbidden";
    return isForbidden ? <MissingRight name="show" error={error} retry={show} /> : <Failure error={error} retry={show} />;
  }
  const isShown = state.kind === "shown";
  const words = texts.personal;
  return (
    <p class="event-personal" role="status">
      {isShown ? words.shown : words.count(formatNumber(count), count === 1)}{" "}
      <button type="button" class="button" disabled={state.kind === "loading"} onClick={isShown ? hide : show}>
        {isShown ? words.hide : words.show}
      </button>
    </p>
  );
}
