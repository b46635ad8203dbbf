import { useEffect } from "preact/hooks";
import { ApiError, type Api } from "../../api/client";
import type { Log, Metrics } from "../../api/types";
import { formatClock, formatNumber } from "../../format";
import { Command } from "../../parts/command";
import { Failure } from "../../parts/failure";
import { Empty, Loading } from "../../parts/states";
import { useConsole } from "../../state/context";
import { areSettled, useLoad, type Loaded } from "../../state/load";
import { texts } from "../../texts";
import { findFingerprint, readCheckpoint } from "./checkpoint";
import { COMMANDS, Findings, StateMark } from "./findings";
import type { Finding } from "./finding";
import {
  findWorst,
  judgeCheckpointAge,
  judgeLag,
  judgeMetrics,
  judgeSignature,
  judgeSize,
  type CheckpointFacts,
} from "./judge";
import { LogFacts } from "./log";

const words = texts.health;
const REFRESH_MS = 60_000;

interface LogState {
  readonly log: Log;
  readonly fingerprint: string | null;
  /** Null: nothing is published yet. */
  readonly checkpoint: CheckpointFacts | null;
}

/** Whether the system works, as far as the API tells. */
export function HealthView() {
  const { api } = useConsole();
  const metrics = useLoad<Metrics>("metrics", (signal) => api.getMetrics(signal));
  const log = useLoad<LogState>("log", (signal) => loadLog(api, signal));
  const reload = () => {
    metrics.reload();
    log.reload();
  };
  const loadedMs = Math.max(metrics.loadedMs, log.loadedMs);
  useRefresh(reload, loadedMs);
  const pipeline = metrics.value ? judgeMetrics(metrics.value, metrics.loadedMs) : [];
  const proof = log.value ? judgeLog(log.value, metrics.value, log.loadedMs) : [];
  return (
    <div class="health" aria-busy={metrics.isLoading || log.isLoading}>
      <div class="health-head">
        <Summary
          findings={areSettled(metrics, log) ? [...pipeline, ...proof] : []}
          isPartial={metrics.error !== null || log.error !== null}
        />
        {loadedMs > 0 && <p class="health-time">{words.asOf(formatClock(loadedMs))}</p>}
        <button type="button" class="button" onClick={reload}>
          {words.refresh}
        </button>
      </div>
      <Section title={words.pipeline} note={words.allTenants} loaded={metrics}>
        <Findings findings={pipeline} />
      </Section>
      <Section title={words.log} loaded={log}>
        {log.value?.checkpoint === null && <Empty title={words.notPublished} />}
        <Findings findings={proof} />
        {log.value && (
          <LogFacts
            log={log.value.log}
            fingerprint={log.value.fingerprint}
            witnesses={log.value.checkpoint?.isSigned ? log.value.checkpoint.witnesses : null}
          />
        )}
      </Section>
      <section class="health-section">
        <h3>{words.notInApi}</h3>
        {(["deadLetters", "doctor"] as const).map((name) => (
          <p key={name} class="health-command">
            {words.commands[name]} <Command arguments={COMMANDS[name]} />
          </p>
        ))}
      </section>
    </div>
  );
}

async function loadLog(api: Api, signal: AbortSignal): Promise<LogState> {
  const [log, text] = await Promise.all([
    api.getLog(signal),
    api.getCheckpoint(signal).catch((error: unknown) => {
      if (error instanceof ApiError && error.kind === "notFound") return null;
      throw error;
    }),
  ]);
  const [fingerprint, checkpoint] = await Promise.all([
    findFingerprint(log.verifierKey),
    text === null ? null : readCheckpoint(text, log),
  ]);
  return { log, fingerprint, checkpoint };
}

function judgeLog({ log, checkpoint }: LogState, metrics: Metrics | null, nowMs: number): readonly Finding[] {
  const size = judgeSize(log, metrics?.jobs.audit.completed ?? null);
  const asOfMs = log.asOf === undefined ? null : Date.parse(log.asOf);
  const cosignedMs = checkpoint === null || checkpoint.isSigned === null ? asOfMs : checkpoint.cosignedMs;
  const lag = judgeLag(metrics?.ledger?.committed ?? null, log, cosignedMs, nowMs);
  if (checkpoint === null) return [size, lag];
  return [judgeCheckpointAge(cosignedMs, nowMs), judgeSignature(checkpoint), size, lag];
}

/** Load again a minute after the last time while the page is visible, and at once when it comes back late. */
function useRefresh(reload: () => void, loadedMs: number): void {
  useEffect(() => {
    if (loadedMs === 0) return;
    const refresh = () => {
      if (document.visibilityState === "visible" && Date.now() - loadedMs >= REFRESH_MS) reload();
    };
    const timer = setInterval(refresh, REFRESH_MS);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [loadedMs]);
}

interface SummaryProps {
  readonly findings: readonly Finding[];
  readonly isPartial: boolean;
}

function Summary({ findings, isPartial }: SummaryProps) {
  if (findings.length === 0) return <h2 class="health-summary">{isPartial ? words.summary.partly : texts.views.health}</h2>;
  const states = findings.map(({ state }) => state);
  const worst = findWorst(states);
  const count = (state: string) => formatNumber(states.filter((each) => each === state).length);
  const parts = [
    ...(states.includes("wrong") ? [words.summary.wrong(count("wrong"))] : []),
    ...(states.includes("look") ? [words.summary.look(count("look"))] : []),
    ...(states.includes("unknown") ? [words.summary.unknown(count("unknown"))] : []),
    ...(worst === "unknown" && !isPartial ? [words.summary.rest] : []),
  ];
  return (
    <h2 class="health-summary" aria-live="polite">
      {isPartial && worst === "fine" ? null : <StateMark state={worst} />}
      {[parts.join(", ") || (isPartial ? "" : words.summary.fine), isPartial ? words.summary.partly : ""]
        .filter(Boolean)
        .join(". ")}
    </h2>
  );
}

interface SectionProps<T> {
  readonly title: string;
  readonly note?: string;
  readonly loaded: Loaded<T>;
  readonly children: preact.ComponentChildren;
}

function Section<T>({ title, note, loaded, children }: SectionProps<T>) {
  const { value, error, loadedMs, reload } = loaded;
  return (
    <section class="health-section">
      <h3>{title}</h3>
      {error !== null && <Failure error={error} retry={reload} />}
      {error !== null && value !== null && <p class="health-note">{words.kept(formatClock(loadedMs))}</p>}
      {value === null ? error === null && <Loading /> : children}
      {note && value !== null && <p class="health-note">{note}</p>}
    </section>
  );
}
