import { useEffect, useRef, useState } from "preact/hooks";

/** What was loaded last, and how the latest attempt stands. The value stays while another is on its way. */
export interface Loaded<T> {
  readonly value: T | null;
  /** Why the latest attempt failed; null while one runs. */
  readonly error: unknown;
  readonly isLoading: boolean;
  /** When `value` came, in milliseconds since 1970; 0 before the first. */
  readonly loadedMs: number;
  readonly reload: () => void;
}

interface State<T> {
  readonly key: string;
  readonly value: T | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly loadedMs: number;
}

/** Returns whether each of these has a value, or the reason why it has none. */
export function areSettled(...loads: readonly Pick<Loaded<unknown>, "value" | "error">[]): boolean {
  return loads.every(({ value, error }) => value !== null || error !== null);
}

const begin = (key: string) => ({ key, value: null, error: null, isLoading: true, loadedMs: 0 });

/** Load again whenever `key` changes. A response to an earlier key is dropped, and its request ended. */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<State<T>>(begin(key));
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = useRef(() => setAttempt((count) => count + 1));
  useEffect(() => {
    const aborter = new AbortController();
    setState((last) => ({ ...last, key, error: null, isLoading: true }));
    latest.current(aborter.signal).then(
      (value) => {
        if (aborter.signal.aborted) return;
        setState({ key, value, error: null, isLoading: false, loadedMs: Date.now() });
      },
      (error: unknown) => {
        if (aborter.signal.aborted) return;
        setState((last) => ({ ...last, key, error: error ?? new Error(), isLoading: false }));
      },
    );
    return () => aborter.abort();
  }, [key, attempt]);
  const { value, error, isLoading, loadedMs } = state;
  const isCurrent = state.key === key;
  return {
    value,
    error: isCurrent ? error : null,
    isLoading: isLoading || !isCurrent,
    loadedMs,
    reload: reload.current,
  };
}
