import type { Log, Metrics } from "../../api/types";
import { HOUR_MS, MINUTE_MS } from "../../durations";
import { formatDuration, formatNumber, formatPercent } from "../../format";
import { texts } from "../../texts";
import { MAX_AHEAD_MS } from "../../verify/signatures";
import { judgeDeadLetters } from "./dead-letters";
import type { Finding, State } from "./finding";

const words = texts.health;

/** The template's `OldestMessageAlarm`: 15 minutes. */
const OLDEST_MESSAGE_MINUTES = 15;
/** So many messages are a burst, not a backlog. */
const BURST = 100;
/** The share of attempts that has to succeed, in percent. */
const MIN_SUCCESS_RATE = 95;
/** A batch may take 120 s: the timeout of the processor in the template. */
const BATCH_LOOK_MS = 30_000;
const BATCH_WRONG_MS = 100_000;
/** As `prooftrail doctor` has it: a checkpoint is made every minute. */
const LAG_LOOK_MS = 5 * MINUTE_MS;
/** The log cosigns at least once an hour; the commands that verify warn after two hours. */
const CHECKPOINT_LOOK_MS = HOUR_MS + 10 * MINUTE_MS;
const CHECKPOINT_WRONG_MS = 2 * HOUR_MS;

/** `metrics`: of this version's API, or of an older stack's, which says less. */
export function judgeMetrics({ jobs, alarms }: Metrics | OlderMetrics, nowMs: number): readonly Finding[] {
  const { audit } = jobs;
  return [
    judgeAlarms(alarms, nowMs),
    judgeDeadLetters(audit),
    judgeQueue(audit),
    judgeOldest(audit),
    judgeStored(audit),
    judgeAttempts(audit),
    judgeBatches(audit),
  ];
}

/** `alarms`: undefined if the stack's version does not tell them. */
function judgeAlarms(alarms: Metrics["alarms"] | undefined, nowMs: number): Finding {
  const shared = { name: "alarms", title: words.alarms.title, rule: words.alarms.rule };
  if (alarms === undefined || alarms.length === 0) {
    const sentence = alarms === undefined ? words.alarms.notTold : words.alarms.none;
    return { ...shared, value: "–", state: "unknown", sentence, command: "doctor" };
  }
  const on = alarms.filter(({ state }) => state === "ALARM");
  const undecided = alarms.filter(({ state }) => state === "INSUFFICIENT_DATA");
  const state = on.length > 0 ? "wrong" : undecided.length > 0 ? "look" : "fine";
  const names = on.map(({ name, since }) => {
    const age = Math.max(1_000, nowMs - Date.parse(since));
    return words.alarms.on(shortenAlarmName(name), formatDuration(Math.floor(age / 1_000) * 1_000));
  });
  return {
    ...shared,
    value: words.alarms.value(formatNumber(on.length), formatNumber(alarms.length)),
    state,
    sentence: on.length > 0 ? words.alarms.wrong(names.join(", ")) : words.alarms.fine,
    ...(undecided.length > 0 && {
      note: words.alarms.undecided(undecided.map(({ name }) => shortenAlarmName(name)).join(", ")),
    }),
    ...(state === "fine" ? {} : { command: "doctor" as const }),
  };
}

/** Returns the name in the template: CloudFormation writes `STACK-NAME-RANDOM`. */
export function shortenAlarmName(name: string): string {
  return /-([A-Za-z0-9]+Alarm)-[A-Za-z0-9]+$/.exec(name)?.[1] ?? name;
}

type Jobs = Omit<Metrics["jobs"]["audit"], "deadLettersByReason">;

/** What a stack of an earlier version tells. */
export interface OlderMetrics {
  readonly audit: Metrics["audit"];
  readonly jobs: { readonly audit: Jobs };
  readonly alarms?: undefined;
}

function judgeQueue({ queued, active, throughput }: Jobs): Finding {
  const usual = Math.max(BURST, throughput * OLDEST_MESSAGE_MINUTES);
  const isFine = queued <= usual;
  return {
    name: "queue",
    title: words.queue.title,
    value: formatNumber(queued),
    state: isFine ? "fine" : "look",
    sentence: isFine ? words.queue.fine(formatNumber(active)) : words.queue.look(formatNumber(active)),
    rule: words.queue.rule(formatNumber(Math.floor(usual))),
    ...(isFine ? {} : { command: "doctor" as const }),
  };
}

function judgeOldest({ oldestMessageSeconds }: Jobs): Finding {
  const limitMs = OLDEST_MESSAGE_MINUTES * MINUTE_MS;
  const ms = (oldestMessageSeconds ?? 0) * 1_000;
  const isFine = ms <= limitMs;
  return {
    name: "oldest",
    title: words.oldest.title,
    value: ms > 0 ? formatDuration(ms) : "–",
    state: isFine ? "fine" : "wrong",
    sentence: isFine ? (ms > 0 ? words.oldest.fine : words.oldest.none) : words.oldest.wrong,
    rule: words.oldest.rule(formatDuration(limitMs)),
    ...(isFine ? {} : { command: "doctor" as const }),
  };
}

function judgeStored({ completed, throughput }: Jobs): Finding {
  return {
    name: "stored",
    title: words.stored.title,
    value: formatNumber(completed),
    state: completed > 0 ? "fine" : "look",
    sentence: completed > 0 ? words.stored.fine(formatNumber(throughput, 1)) : words.stored.look,
    rule: words.stored.rule,
  };
}

function judgeAttempts({ completed, failed, successRate }: Jobs): Finding {
  const shared = {
    name: "attempts",
    title: words.attempts.title,
    value: formatNumber(failed),
    rule: words.attempts.rule(formatPercent(MIN_SUCCESS_RATE)),
  };
  if (failed === 0) return { ...shared, state: "fine", sentence: words.attempts.fine };
  const state = successRate < MIN_SUCCESS_RATE ? "wrong" : "look";
  const sentence = words.attempts.failed(
    formatNumber(failed),
    formatNumber(completed + failed),
    formatPercent(successRate),
  );
  return { ...shared, state, sentence, command: "deadLetters" };
}

function judgeBatches({ averageDuration }: Jobs): Finding {
  const state = averageDuration > BATCH_WRONG_MS ? "wrong" : averageDuration > BATCH_LOOK_MS ? "look" : "fine";
  return {
    name: "batches",
    title: words.batches.title,
    value: averageDuration > 0 ? formatDuration(averageDuration) : "–",
    state,
    sentence: averageDuration > 0 ? words.batches[state] : words.batches.none,
    rule: words.batches.rule(formatDuration(BATCH_LOOK_MS)),
    ...(state === "fine" ? {} : { command: "doctor" as const }),
  };
}

/** What was found in the published checkpoint, verified with the key that the API names. */
export interface CheckpointFacts {
  /** Null: this browser cannot verify signatures. */
  readonly isSigned: boolean | null;
  /** When the log cosigned it, in milliseconds since 1970; null if it did not. */
  readonly cosignedMs: number | null;
  readonly witnesses: readonly string[];
}

/** A checkpoint of the future never becomes old, so its time says nothing. */
const isAhead = (cosignedMs: number, nowMs: number): boolean => cosignedMs - nowMs > MAX_AHEAD_MS;

export function judgeCheckpointAge(cosignedMs: number | null, nowMs: number): Finding {
  const shared = { name: "checkpoint", title: words.checkpoint.title, rule: words.checkpoint.rule };
  if (cosignedMs === null) {
    return { ...shared, value: "–", state: "look", sentence: words.checkpoint.unknown, command: "doctor" };
  }
  if (isAhead(cosignedMs, nowMs)) {
    const value = `\u2212${formatDuration(Math.floor((cosignedMs - nowMs) / 1_000) * 1_000)}`;
    return { ...shared, value, state: "look", sentence: words.checkpoint.ahead, command: "doctor" };
  }
  const age = Math.max(0, nowMs - cosignedMs);
  const state = age > CHECKPOINT_WRONG_MS ? "wrong" : age > CHECKPOINT_LOOK_MS ? "look" : "fine";
  return {
    ...shared,
    value: formatDuration(Math.max(1_000, Math.floor(age / 1_000) * 1_000)),
    state,
    sentence: words.checkpoint[state],
    ...(state === "fine" ? {} : { command: "doctor" as const }),
  };
}

export function judgeSignature({ isSigned }: CheckpointFacts): Finding {
  const state = isSigned ? "fine" : isSigned === null ? "look" : "wrong";
  return {
    name: "signature",
    title: words.signature.title,
    value: words.signature.values[state],
    state,
    sentence: words.signature[state],
    rule: words.signature.rule,
    ...(state === "fine" ? {} : { command: "doctor" as const }),
  };
}

/** `stored`: events stored in the last 24 hours, null if that is not known. */
export function judgeSize({ size }: Log, stored: number | null): Finding {
  const isFine = size > 0 || stored === 0;
  return {
    name: "size",
    title: words.size.title,
    value: formatNumber(size),
    state: isFine ? "fine" : "look",
    sentence: size > 0 ? words.size.fine : isFine ? words.size.empty : words.size.look,
    rule: words.size.rule,
    ...(isFine ? {} : { command: "doctor" as const }),
  };
}

/**
 * How many committed events no checkpoint covers. `committed` is null if it is not known, `cosignedMs` if the log has
 * not said when the checkpoint was its latest.
 */
export function judgeLag(committed: number | null, { size }: Log, cosignedMs: number | null, nowMs: number): Finding {
  const behind = committed === null ? null : Math.max(0, committed - size);
  const isOld = cosignedMs === null || isAhead(cosignedMs, nowMs) || nowMs - cosignedMs > LAG_LOOK_MS;
  const state = behind === null ? "unknown" : behind > 0 && isOld ? "look" : "fine";
  return {
    name: "lag",
    title: words.lag.title,
    value: behind === null ? "–" : formatNumber(behind),
    state,
    sentence: words.lag[state],
    rule: words.lag.rule(formatDuration(LAG_LOOK_MS)),
    ...(state === "fine" ? {} : { command: "doctor" as const }),
  };
}

/** Returns the worst of the states. */
export function findWorst(states: readonly State[]): State {
  return (["wrong", "look", "unknown"] as const).find((state) => states.includes(state)) ?? "fine";
}
