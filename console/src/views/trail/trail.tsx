import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Later } from "../../parts/later";
import { useConsole } from "../../state/context";
import { makeTrail, type Trail } from "../../state/trail";
import { TrailList } from "./list";
import { Toolbar } from "./toolbar";

/** The events of a tenant, and the one that is open: beside the list, or on its own if it is narrow. */
export function TrailView() {
  const { navigation } = useConsole();
  const { eventId, tenantId } = navigation.place.value;
  const [key, trail] = useTrail();
  const isLive = useSignal(false);
  return (
    <div class="trail" data-open={eventId !== null || undefined}>
      <div class="trail-toolbar">
        <Toolbar items={trail.items} />
      </div>
      <div class="trail-body">
        <TrailList key={key} trail={trail} isLive={isLive} />
        {eventId !== null && <OpenEvent id={eventId} tenantId={tenantId} />}
      </div>
    </div>
  );
}

/** Returns the trail of the place, and a key of its query. Another query ends the requests of the last. */
function useTrail(): [string, Trail] {
  const { api, navigation } = useConsole();
  const { tenantId, filters, range } = navigation.place.value;
  const key = JSON.stringify([tenantId, Object.entries(filters).sort(), range]);
  // Loaded here, not in an effect: the request is on its way while the page is rendered.
  const trail = useMemo(() => loadTrail(api, { tenantId, filters, range }), [api, key]);
  useEffect(() => () => trail.dispose(), [trail]);
  return [key, trail];
}

function loadTrail(...given: Parameters<typeof makeTrail>): Trail {
  const trail = makeTrail(...given);
  trail.reload();
  return trail;
}

interface OpenProps {
  readonly id: string;
  readonly tenantId: string;
}

function OpenEvent({ id, tenantId }: OpenProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Where the event covers the list, the focus would stay in what cannot be seen.
    const list = panel.current?.previousElementSibling;
    if (list && getComputedStyle(list).visibility === "hidden") panel.current?.focus();
  }, []);
  return (
    <div class="trail-event" ref={panel} tabIndex={-1}>
      <Later>{({ EventPanel }) => <EventPanel key={id} id={id} tenantId={tenantId} />}</Later>
    </div>
  );
}
