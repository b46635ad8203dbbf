import { signal, type ReadonlySignal } from "@preact/signals";

export type LaterCode = typeof import("../later");

const loaded = signal<LaterCode | null>(null);
let loading: Promise<LaterCode> | null = null;

/** The code of src/later.ts; null until it is loaded. */
export const laterCode: ReadonlySignal<LaterCode | null> = loaded;

/** Load the code, unless it is on its way. Rejects if the browser cannot load it. */
export function loadLaterCode(): Promise<LaterCode> {
  loading ??= import("../later").then(
    (code) => (loaded.value = code),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}
