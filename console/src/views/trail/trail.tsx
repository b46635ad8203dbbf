import { useConsole } from "../../state/context";
import { EventPanel } from "../event/event";
import { TrailList } from "./list";
import { Toolbar } from "./toolbar";

/** The events of a tenant, and the one that is open. */
export function TrailView() {
  const { navigation } = useConsole();
  const { eventId, tenantId } = navigation.place.value;
  return (
    <div class="trail">
      <Toolbar />
      <div class="trail-body">
        <TrailList />
        {eventId !== null && <EventPanel key={eventId} id={eventId} tenantId={tenantId} />}
      </div>
    </div>
  );
}
