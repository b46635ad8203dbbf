import { expect, test } from "vitest";
import type { Log, Metrics } from "../src/api/types";
import { findWorst, judgeCheckpointAge, judgeMetrics, judgeSignature, judgeSize } from "../src/views/health/judge";

const FINE: Metrics["jobs"]["audit"] = {
  queued: 0,
  active: 0,
  deadLettered: 0,
  completed: 1_440,
  failed: 0,
  successRate: 100,
  averageDuration: 200,
  throughput: 1,
};

function judge(change: Partial<typeof FINE>): Record<string, string> {
  const audit = { eventsLogged: 0, eventsFailed: 0, successRate: 0 };
  const findings = judgeMetrics({ audit, jobs: { audit: { ...FINE, ...change } } });
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
  [{ averageDuration: 30_001 }, "batches", "look"],
  [{ averageDuration: 100_001 }, "batches", "wrong"],
] as const)("%j: %s is %s", (change, name, state) => {
  expect(judge(change)[name]).toBe(state);
});

const HOUR = 3_600_000;

test.each([
  [0, "fine"],
  [-HOUR, "fine"], // the clocks differ
  [1.1 * HOUR, "fine"],
  [1.2 * HOUR, "look"],
  [2 * HOUR + 1, "wrong"],
])("a checkpoint of %d ms is %s", (age, state) => {
  expect(judgeCheckpointAge(5 * HOUR, 5 * HOUR + age).state).toBe(state);
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
  const log: Log = { origin: "log", verifierKey: "key", size: 0 };
  expect(judgeSize(log, 0).state).toBe("fine");
  expect(judgeSize(log, null).state).toBe("look");
  expect(judgeSize(log, 3).state).toBe("look");
  expect(judgeSize({ ...log, size: 3 }, 3).state).toBe("fine");
});

test("the worst state counts", () => {
  expect(findWorst([])).toBe("fine");
  expect(findWorst(["fine", "look"])).toBe("look");
  expect(findWorst(["wrong", "look"])).toBe("wrong");
});
