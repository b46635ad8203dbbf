import { useEffect, useMemo, useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import { CopyButton } from "../../parts/copy";
import { Failure } from "../../parts/failure";
import { MissingRight } from "../../parts/missing-right";
import { useConsole } from "../../state/context";
import { isNotPublished, type Proved, prove } from "../../state/proof";
import { openStorage } from "../../state/storage";
import { nameLog, TrustStore } from "../../state/trust";
import { texts } from "../../texts";
import type { Step, StepState } from "../../verify/steps";
import type { Result } from "../../verify/verify";
import { Steps } from "./steps";
import { Summary } from "./summary";

interface Props {
  readonly id: string;
  readonly tenantId: string;
  /** The event as the page shows it; it must be the one in the bundle. */
  readonly shown?: object | undefined;
}

type State =
  | { readonly kind: "checking" }
  | { readonly kind: "notPublished" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "done"; readonly proved: Proved };

const MAX_WAIT_SECONDS = 60;

/** The proof of an event, verified in this browser. */
export function VerifiedHere({ id, tenantId, shown }: Props) {
  const { api, settings } = useConsole();
  const [state, setState] = useState<State>({ kind: "checking" });
  const [attempt, setAttempt] = useState(0);
  const again = () => setAttempt((count) => count + 1);
  const trust = useMemo(
    () => new TrustStore(openStorage(window), nameLog(settings, window.location.origin)),
    [settings],
  );
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    let timer: number | undefined;
    const request = { id, tenantId, shown: shown === undefined ? null : { ...shown } };
    prove(api, trust, request, signal).then(
      (proved) => setState({ kind: "done", proved }),
      (error: unknown) => {
        if (signal.aborted) return;
        if (!isNotPublished(error)) return setState({ kind: "failed", error });
        setState({ kind: "notPublished" });
        const seconds = Math.min(error.retryAfter ?? MAX_WAIT_SECONDS, MAX_WAIT_SECONDS);
        timer = window.setTimeout(again, seconds * 1000);
      },
    );
    return () => {
      controller.abort();
      window.clearTimeout(timer);
    };
  }, [api, trust, id, tenantId, shown, attempt]);
  return (
    <section class="verified" aria-label={texts.verified.title}>
      <Body state={state} trust={trust} again={again} />
    </section>
  );
}

interface BodyProps {
  readonly state: State;
  readonly trust: TrustStore;
  readonly again: () => void;
}

function Body({ state, trust, again }: BodyProps) {
  switch (state.kind) {
    case "checking":
      return (
        <p class="verified-quiet" role="status">
          {texts.verified.checking}
        </p>
      );
    case "notPublished":
      return (
        <div class="verified-result" data-verdict="waiting" role="status">
          <p class="verified-verdict">{texts.verified.notPublished}</p>
          <p>{texts.verified.notPublishedText}</p>
        </div>
      );
    case "failed":
      return isForbidden(state.error) ? (
        <MissingRight name="verify" error={state.error} retry={again} />
      ) : (
        <Failure error={state.error} retry={again} />
      );
    case "done":
      return <Done proved={state.proved} trust={trust} again={again} />;
  }
}

const isForbidden = (error: unknown): error is ApiError => error instanceof ApiError && error.kind === "forbidden";

interface DoneProps {
  readonly proved: Proved;
  readonly trust: TrustStore;
  readonly again: () => void;
}

function Done({ proved, trust, again }: DoneProps) {
  const { result, bundle, isKept } = proved;
  const count = (state: StepState) => result.steps.filter((step) => step.state === state).length;
  return (
    <>
      <Summary result={result} />
      {!isKept && <p class="verified-quiet">{texts.verified.notKept}</p>}
      <details class="verified-more" open={result.verdict !== "verified"}>
        <summary>
          {texts.verified.more}
          <span class="verified-count">
            {texts.verified.counts(count("passed"), count("failed"), count("notPossible"))}
          </span>
        </summary>
        <Steps steps={result.steps}>
          {(step) => <WitnessPin step={step} proved={proved} trust={trust} again={again} />}
        </Steps>
        <Trusting proved={proved} trust={trust} again={again} />
        <div class="verified-actions">
          <CopyButton text={bundle} label={texts.verified.copyBundle} />
          <button type="button" class="button" onClick={again}>
            {texts.verified.again}
          </button>
        </div>
      </details>
    </>
  );
}

/** Lets the reader pin the key of a witness that has cosigned, or unpin it. */
function WitnessPin({ step, proved, trust, again }: DoneProps & { readonly step: Step }) {
  const { witness, state } = step;
  if (witness === null) return null;
  const isPinned = proved.pinnedWitnesses.includes(witness);
  if (!isPinned && (state !== "passed" || mustForget(proved.result))) return null;
  const change = () => {
    if (isPinned) trust.unpinWitness(witness);
    else trust.pinWitness(witness);
    again();
  };
  return (
    <div class="verified-actions">
      <button type="button" class="button" onClick={change}>
        {isPinned ? texts.verified.unpinWitness : texts.verified.pinWitness}
      </button>
      <CopyButton text={witness} label={texts.verified.copyKey} />
    </div>
  );
}

/** Lets the reader pin the key, or forget what was kept. */
function Trusting({ proved, trust, again }: DoneProps) {
  const { result, givenKey, pinned } = proved;
  const change = (act: () => boolean) => () => {
    act();
    again();
  };
  if (mustForget(result)) {
    return (
      <div class="verified-trust">
        <p>{texts.verified.forgetHelp}</p>
        <button type="button" class="button" onClick={change(() => trust.forget())}>
          {texts.verified.forget}
        </button>
      </div>
    );
  }
  if (pinned !== null) {
    return (
      <div class="verified-trust">
        <button type="button" class="button" onClick={change(() => trust.unpin())}>
          {texts.verified.unpin}
        </button>
      </div>
    );
  }
  if (result.key === null || result.verdict === "refuted") return null;
  const isNew = result.steps.some((step) => step.problem === "keyChanged");
  return (
    <div class="verified-trust">
      <p>{texts.verified.pinHelp}</p>
      <div class="verified-actions">
        <button type="button" class="button" onClick={change(() => trust.pin(givenKey))}>
          {isNew ? texts.verified.pinNew : texts.verified.pin}
        </button>
        <CopyButton text={givenKey} label={texts.verified.copyKey} />
      </div>
    </div>
  );
}

/** Returns whether what this browser has kept of the log contradicts what the log shows. */
function mustForget({ steps }: Result): boolean {
  return steps.some(
    ({ name, state, problem }) =>
      problem === "storageDamaged" || (state === "failed" && (name === "key" || name === "history")),
  );
}
