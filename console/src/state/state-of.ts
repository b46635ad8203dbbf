import { useState } from "preact/hooks";

/**
 * Keep a state until `owner` changes: it is null again in the first render with another owner. An effect would clear
 * it only after that render, and with it what the reader has done since.
 */
export function useStateOf<T>(owner: unknown): [T | null, (value: T | null) => void] {
  const [state, setState] = useState<{ readonly owner: unknown; readonly value: T | null }>({ owner, value: null });
  return [state.owner === owner ? state.value : null, (value) => setState({ owner, value })];
}
