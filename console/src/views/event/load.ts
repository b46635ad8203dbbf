import { ApiError, type Api } from "../../api/client";
import type { StoredEvent } from "../../api/types";
import { useConsole } from "../../state/context";
import { decodeTime } from "../../state/ids";
import { useLoad } from "../../state/load";

type Found =
  | { readonly kind: "ready"; readonly event: StoredEvent }
  | { readonly kind: "unreadable"; readonly reason: string };

export type EventState =
  | Found
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Loads an event. The second value loads it again. */
export function useEvent(id: string, tenantId: string): readonly [EventState, () => void] {
  const { api } = useConsole();
  const { value, error, isLoading, reload } = useLoad(JSON.stringify([tenantId, id]), (signal) =>
    loadEvent(api, id, tenantId, signal),
  );
  if (isLoading) return [{ kind: "loading" }, reload];
  return [error === null && value !== null ? value : { kind: "failed", error }, reload];
}

async function loadEvent(api: Api, id: string, tenantId: string, signal: AbortSignal): Promise<Found> {
  try {
    return { kind: "ready", event: await api.getEvent(id, { tenantId: tenantId || undefined }, signal) };
  } catch (error) {
    const isFault = error instanceof ApiError && error.kind === "failed";
    const reason = isFault ? await findReason(api, id, tenantId, signal) : null;
    if (reason === null) throw error;
    return { kind: "unreadable", reason };
  }
}

/** Returns what is wrong with an event that was changed in the store: the list says it, the event's address fails. */
async function findReason(api: Api, id: string, tenantId: string, signal: AbortSignal): Promise<string | null> {
  const timeMs = decodeTime(id);
  if (Number.isNaN(timeMs)) return null;
  const instant = new Date(timeMs).toISOString();
  try {
    const page = await api.listEvents(
      { tenantId: tenantId || undefined, startDate: instant, endDate: instant },
      signal,
    );
    const found = page.items.find((item) => item.id === id);
    return found && "unreadable" in found ? found.unreadable : null;
  } catch {
    return null;
  }
}
