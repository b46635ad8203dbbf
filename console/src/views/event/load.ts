import { useEffect, useState } from "preact/hooks";
import { ApiError, type Api } from "../../api/client";
import type { StoredEvent } from "../../api/types";
import { useConsole } from "../../state/context";

export type Loaded =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly event: StoredEvent }
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "failed"; readonly error: unknown };

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_LENGTH = 10;

/** Returns the time in an event's id (a ULID), in milliseconds since 1970, or null if it has none. */
export function decodeTime(id: string): number | null {
  let time = 0;
  for (const character of id.slice(0, TIME_LENGTH)) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    time = time * ALPHABET.length + digit;
  }
  return id.length > TIME_LENGTH && time <= 8.64e15 ? time : null;
}

/** Loads an event. The second value loads it again. */
export function useEvent(id: string, tenantId: string): readonly [Loaded, () => void] {
  const { api } = useConsole();
  const [loaded, setLoaded] = useState<Loaded>({ kind: "loading" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setLoaded({ kind: "loading" });
    void loadEvent(api, id, tenantId, abort.signal).then((result) => {
      if (!abort.signal.aborted) setLoaded(result);
    });
    return () => abort.abort();
  }, [api, id, tenantId, attempt]);
  return [loaded, () => setAttempt((count) => count + 1)];
}

async function loadEvent(api: Api, id: string, tenantId: string, signal: AbortSignal): Promise<Loaded> {
  const query = { tenantId: tenantId || undefined };
  try {
    return { kind: "ready", event: await api.getEvent(id, query, signal) };
  } catch (error) {
    const isFault = error instanceof ApiError && error.kind === "failed";
    const reason = isFault ? await findReason(api, id, tenantId, signal) : null;
    return reason === null ? { kind: "failed", error } : { kind: "unreadable", reason };
  }
}

/** Returns what is wrong with an event that was changed in the store: the list says it, the event's address fails. */
async function findReason(api: Api, id: string, tenantId: string, signal: AbortSignal): Promise<string | null> {
  const time = decodeTime(id);
  if (time === null) return null;
  const instant = new Date(time).toISOString();
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
