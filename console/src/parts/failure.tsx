import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, type FailureKind } from "../api/client";
import { SECOND_MS } from "../durations";
import { useConsole } from "../state/context";
import { texts } from "../texts";
import { Untrusted } from "./untrusted";

interface Props {
  readonly error: unknown;
  readonly retry?: () => void;
}

/** Seconds before the next attempt, if the server asks to wait and does not say how long. */
const DEFAULT_WAIT = 5;

/** Says why something could not be loaded and what to do, and tries again where that can help. */
export function Failure({ error, retry }: Props) {
  const kind = error instanceof ApiError ? error.kind : "failed";
  const [title, explanation] = texts.failures[kind];
  const message = error instanceof Error ? error.message : String(error);
  const wait = error instanceof ApiError ? getWait(error) : null;
  return (
    <div class="state failure" data-kind={kind}>
      <div role="alert">
        <p class="state-title">
          <span class="failure-sign" aria-hidden="true">
            !
          </span>
          {title}
        </p>
        <p>{explanation}</p>
      </div>
      <Advice kind={kind} />
      {message && (
        <p class="failure-message">
          {texts.serverSays} <Untrusted text={message} />
        </p>
      )}
      <Actions kind={kind} wait={wait} error={error} retry={retry} />
    </div>
  );
}

/** Returns the seconds to wait before an attempt that starts by itself, or null for none. */
function getWait(error: ApiError): number | null {
  if (error.kind === "throttled") return error.retryAfter ?? DEFAULT_WAIT;
  return error.kind === "unavailable" ? error.retryAfter : null;
}

function Advice({ kind }: { kind: FailureKind }) {
  const { auth, settings } = useConsole();
  const isLocal = kind === "signedOut" && !auth && settings.stack !== undefined;
  return <p>{isLocal ? texts.startAgain : texts.failures[kind][2]}</p>;
}

interface ActionsProps {
  readonly kind: FailureKind;
  readonly wait: number | null;
  readonly error: unknown;
  readonly retry: (() => void) | undefined;
}

function Actions({ kind, wait, error, retry }: ActionsProps) {
  const { auth } = useConsole();
  useRetryOnline(kind === "offline" ? retry : undefined);
  if (kind === "signedOut" && auth) {
    return (
      <button type="button" class="button" onClick={() => auth.signIn()}>
        {texts.signInAgain}
      </button>
    );
  }
  if (!retry) return null;
  return (
    <div class="failure-actions">
      <button type="button" class="button" onClick={retry}>
        {texts.retry}
      </button>
      {wait !== null && <Countdown seconds={wait} of={error} onEnd={retry} />}
    </div>
  );
}

function useRetryOnline(retry: (() => void) | undefined): void {
  useLayoutEffect(() => {
    if (!retry) return;
    window.addEventListener("online", retry);
    return () => window.removeEventListener("online", retry);
  }, [retry]);
}

interface CountdownProps {
  readonly seconds: number;
  /** What is counted down for: another one starts the count again. */
  readonly of: unknown;
  readonly onEnd: () => void;
}

/** Counts the seconds down, then calls `onEnd` once. */
function Countdown({ seconds, of, onEnd }: CountdownProps) {
  const [left, setLeft] = useState(seconds);
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    const due = Date.now() + seconds * SECOND_MS;
    setLeft(seconds);
    const timer = setInterval(() => {
      const rest = Math.ceil((due - Date.now()) / SECOND_MS);
      setLeft(Math.max(0, rest));
      if (rest > 0) return;
      clearInterval(timer);
      end.current();
    }, SECOND_MS / 4);
    return () => clearInterval(timer);
  }, [seconds, of]);
  return (
    <span class="failure-countdown" role="timer" aria-live="off">
      {texts.retryIn(left)}
    </span>
  );
}
