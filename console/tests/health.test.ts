import { describe, expect, test } from "vitest";
import type { Log, Metrics } from "../src/api/types";
import { judgeDeadLetters } from "../src/views/health/dead-letters";
import { areSettled } from "../src/state/load";
import {
  findWorst,
  judgeCheckpointAge,
  judgeLag,
  judgeMetrics,
  judgeSignature,
  judgeSize,
} from "../src/views/health/judge";

const FINE: Metrics["jobs"]["audit"] = {
  queued: 0,
  active: 0,
  deadLettered: 0,
  deadLettersByReason: [],
  completed: 1_440,
  failed: 0,
  successRate: 100,
  averageDuration: 200,
  throughput: 1,
  oldestMessageSeconds: null,
};

function judge(change: Partial<typeof FINE>): Record<string, string> {
  const audit = { eventsLogged: 0, eventsFailed: 0, successRate: 0 };
  const jobs = { audit: { ...FINE, ...change } };
  const findings = judgeMetrics({ audit, jobs, ledger: { committed: 0 }, alarms: [] }, 0);
  return Object.fromEntries(findings.map(({ name, state }) => [name, state]));
}

test.each([
  [{}, "deadLetters", "fine"],
  [{ deadLettered: 1 }, "deadLetters", "wrong"],
  [{ queued: 100 }, "queue", "fine"],
  [{ queued: 101 }, "queue", "look"],
  [{ queued: 1_500, throughput: 100 }, "queue", "fine"],
  [{ queued: 1_501, throughput: 100 }, "queue", "look"],
  [{ completed: 0 }, "stored", "look"],
  [{ failed: 1, successRate: 99.93 }, "attempts", "look"],
  [{ failed: 100, successRate: 93.5 }, "attempts", "wrong"],
  [{ oldestMessageSeconds: 900 }, "oldest", "fine"],
  [{ oldestMessageSeconds: 901 }, "oldest", "wrong"],
  [{ averageDuration: 30_001 }, "batches", "look"],
  [{ averageDuration: 100_001 }, "batches", "wrong"],
] as const)("%j: %s is %s", (change, name, state) => {
  expect(judge(change)[name]).toBe(state);
});

const invalid = { reason: "InvalidEventError", count: 2 } as const;
const malformed = { reason: "MalformedJobError", count: 1 } as const;

test.each([
  [0, [], "No dead letter waits.", undefined, undefined],
  [0, [invalid], "No dead letter waits: those of the last 24 hours", "2", undefined],
  [3, [invalid, malformed], "Messages that could not be stored: 3.", "3", undefined],
  [7, [invalid, malformed], "Messages that could not be stored: 7.", "3", "At least 4"],
  [7, [], "Messages that could not be stored: 7.", undefined, "At least 7"],
  [7, undefined, "Messages that could not be stored: 7.", undefined, undefined], // an older stack
] as const)("%d dead letters, made for %j", (deadLettered, deadLettersByReason, sentence, made, others) => {
  const finding = judgeDeadLetters({
    deadLettered,
    ...(deadLettersByReason && { deadLettersByReason: [...deadLettersByReason] }),
  });
  expect(finding.sentence).toContain(sentence);
  expect(finding.details?.title).toBe(made && `Dead letters made in the last 24 hours: ${made}. Their reasons:`);
  expect(finding.note?.startsWith(others ?? "")).toBe(others === undefined ? undefined : true);
});

test("each reason of a dead letter is explained, and one that is not known too", () => {
  const unknown = { reason: "constructor", count: 1 } as unknown as typeof invalid;
  const { details } = judgeDeadLetters({ deadLettered: 3, deadLettersByReason: [invalid, unknown] });
  expect(details?.rows).toEqual([
    { value: "2", name: "InvalidEventError", sentence: expect.stringContaining("Correct its producer.") },
    { value: "1", name: "constructor", sentence: "The command shows the reason." },
  ]);
});

describe("alarms", () => {
  const audit = { eventsLogged: 0, eventsFailed: 0, successRate: 0 };
  const SINCE = Date.parse("2026-11-24T00:00:00.000Z");
  const make = (state: Metrics["alarms"][number]["state"]) => ({
    name: "audit-log-DeadLettersAlarm-1X2Y",
    state,
    since: new Date(SINCE).toISOString(),
  });
  const find = (...alarms: Metrics["alarms"]) =>
    judgeMetrics({ audit, jobs: { audit: FINE }, ledger: { committed: 0 }, alarms }, SINCE + 3 * 3_600_000)[0];

  test("one that is on is named as in the template, with its time", () => {
    expect(find(make("OK"), make("ALARM"))).toMatchObject({
      state: "wrong",
      value: "1 of 2",
      sentence: "On: DeadLettersAlarm for 3 hr.",
      command: "doctor",
    });
    expect(find(make("OK"))).toMatchObject({ state: "fine", value: "0 of 1" });
  });

  test("one without data is to look at", () => {
    const note = expect.stringContaining("Without enough data to decide: DeadLettersAlarm.");
    expect(find(make("OK"), make("INSUFFICIENT_DATA"))).toMatchObject({ state: "look", value: "0 of 2", note });
    expect(find(make("ALARM"), make("INSUFFICIENT_DATA"))).toMatchObject({ state: "wrong", note });
  });

  test("without any, and of an older stack, it is not known", () => {
    expect(find()).toMatchObject({ state: "unknown", value: "–", command: "doctor" });
    expect(judgeMetrics({ audit, jobs: { audit: FINE } }, 0)[0]).toMatchObject({
      name: "alarms",
      state: "unknown",
      sentence: "This version of the stack does not report its alarms.",
    });
  });
});

const HOUR = 3_600_000;
const MINUTE = 60_000;

test.each([
  [5, 5, HOUR, "fine"],
  [6, 5, 4 * MINUTE, "fine"],
  [6, 5, 6 * MINUTE, "look"],
  [4, 5, HOUR, "fine"], // read before the checkpoint
  [null, 5, HOUR, "unknown"],
])("%s committed, %s published, a checkpoint %d ms old: %s", (committed, size, age, state) => {
  const log: Log = { origin: "log", verifierKey: "key", witnesses: [], size };
  expect(judgeLag(committed, log, HOUR, HOUR + age).state).toBe(state);
});

test.each([
  [0, "fine"],
  [-5 * 60_000, "fine"], // the clocks differ
  [-HOUR, "look"], // it would not become old
  [1.1 * HOUR, "fine"],
  [1.2 * HOUR, "look"],
  [2 * HOUR + 1, "wrong"],
])("a checkpoint of %d ms is %s", (age, state) => {
  expect(judgeCheckpointAge(5 * HOUR, 5 * HOUR + age).state).toBe(state);
});

test("events that wait behind a checkpoint of the future are to look at", () => {
  const log: Log = { origin: "log", verifierKey: "key", witnesses: [], size: 7 };
  expect(judgeLag(8, log, 2 * HOUR, HOUR).state).toBe("look");
});

test("a checkpoint without a time is to look at", () => {
  expect(judgeCheckpointAge(null, 0).state).toBe("look");
});

test.each([
  [true, "fine"],
  [null, "look"],
  [false, "wrong"],
])("a checkpoint that is signed: %s is %s", (isSigned, state) => {
  expect(judgeSignature({ isSigned, cosignedMs: null, witnesses: [] }).state).toBe(state);
});

test("an empty log is to look at only if events were stored", () => {
  const log: Log = { origin: "log", verifierKey: "key", witnesses: [], size: 0 };
  expect(judgeSize(log, 0).state).toBe("fine");
  expect(judgeSize(log, null).state).toBe("look");
  expect(judgeSize(log, 3).state).toBe("look");
  expect(judgeSize({ ...log, size: 3 }, 3).state).toBe("fine");
});

test("the worst state counts", () => {
  expect(findWorst([])).toBe("fine");
  expect(findWorst(["fine", "unknown"])).toBe("unknown");
  expect(findWorst(["unknown", "look"])).toBe("look");
  expect(findWorst(["wrong", "look"])).toBe("wrong");
});

test.each([
  [null, null, false], // its first request is on its way
  [null, new Error(), true],
  [7, null, true],
  [7, new Error(), true],
])("a part with value %s and error %s is settled: %s", (value, error, isSettled) => {
  expect(areSettled({ value: 1, error: null }, { value, error })).toBe(isSettled);
});
