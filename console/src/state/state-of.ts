import { useState } from "preact/hooks";

/**
 * A state of `owner`: null for another owner, from its first render on. An effect that clears a state after the
 * render would also clear what the reader has done since.
 */
export function useStateOf<T>(owner: unknown): [T | null, (value: T | null) => void] {
  const [state, setState] = useState<{ readonly owner: unknown; readonly value: T | null }>({ owner, value: null });
  return [state.owner === owner ? state.value : null, (value) => setState({ owner, value })];
}
