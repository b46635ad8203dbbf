import { useEffect, useState } from "preact/hooks";
import { formatNumber } from "../../format";
import { Link } from "../../parts/link";
import { useConsole } from "../../state/context";
import { texts } from "../../texts";
import { countPivot, type Count, type Pivot } from "./pivots";

interface Props {
  readonly pivot: Pivot;
  readonly tenantId: string;
}

type State = Count | "counting" | "failed";
/** A reader who steps through events asks for no counts. */
const DELAY_MS = 300;

/** A link to the events that share something with this one, with how many they are. */
export function PivotLink({ pivot, tenantId }: Props) {
  const state = useCount(pivot, tenantId);
  const [name, range] = texts.event.pivots[pivot.name];
  const { shown, spoken } = describe(state);
  const label = texts.event.pivotOf(name, range, spoken);
  return (
    <Link class="event-pivot" label={label} to={{ view: "trail", filters: pivot.filters, range: pivot.range, eventId: null }}>
      {shown}
      <span aria-hidden="true"> →</span>
    </Link>
  );
}

function useCount(pivot: Pivot, tenantId: string): State {
  const { api } = useConsole();
  const [state, setState] = useState<State>("counting");
  const key = JSON.stringify(pivot);
  useEffect(() => {
    let isLeft = false;
    const show = (value: State) => {
      if (!isLeft) setState(value);
    };
    const timer = setTimeout(() => {
      countPivot(api, tenantId, pivot, Date.now()).then(show, () => show("failed"));
    }, DELAY_MS);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [api, tenantId, key]);
  return state;
}

function describe(state: State): { shown: string; spoken: string } {
  const { pivotNone, pivotCounting, pivotFailed, pivotCount } = texts.event;
  if (state === "counting") return { shown: "…", spoken: pivotCounting };
  if (state === "failed" || state.count === 0) return { shown: pivotNone, spoken: pivotFailed };
  const count = formatNumber(state.count) + (state.hasMore ? "+" : "");
  const shown = pivotCount(count, state.count === 1 && !state.hasMore);
  return { shown, spoken: shown };
}
