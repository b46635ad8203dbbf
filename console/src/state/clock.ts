import { signal, type ReadonlySignal } from "@preact/signals";
import { MINUTE_MS } from "../durations";

/** Milliseconds since 1970, set again each minute while somebody reads it. */
export const minute: ReadonlySignal<number> = makeMinute();

function makeMinute(): ReadonlySignal<number> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const now = signal(Date.now(), {
    watched() {
      timer = setInterval(() => (now.value = Date.now()), MINUTE_MS);
    },
    unwatched() {
      clearInterval(timer);
    },
  });
  return now;
}
