import type { Metrics } from "../../api/types";
import { formatNumber } from "../../format";
import { texts } from "../../texts";
import type { Detail, Finding } from "./finding";

const words = texts.health.deadLetters;

type Current = Metrics["jobs"]["audit"];
type Reason = Current["deadLettersByReason"][number]["reason"];
/** `deadLettersByReason`: undefined in a stack of an earlier version. */
type Jobs = Pick<Current, "deadLettered"> & Partial<Pick<Current, "deadLettersByReason">>;

/** What waits in the dead-letter queue, and why the processor put messages there in the last 24 hours. */
export function judgeDeadLetters({ deadLettered, deadLettersByReason }: Jobs): Finding {
  const isFine = deadLettered === 0;
  const made = (deadLettersByReason ?? []).reduce((sum, { count }) => sum + count, 0);
  const finished = made > 0 ? words.finished : words.fine;
  return {
    name: "deadLetters",
    title: words.title,
    value: formatNumber(deadLettered),
    state: isFine ? "fine" : "wrong",
    sentence: isFine ? finished : words.wrong(formatNumber(deadLettered)),
    rule: words.rule,
    ...(isFine ? {} : { command: "deadLetters" as const }),
    ...(made > 0 ? { details: { title: words.made(formatNumber(made)), rows: listReasons(deadLettersByReason) } } : {}),
    ...(deadLettersByReason && deadLettered > made
      ? { note: words.others(formatNumber(deadLettered - made)) }
      : {}),
  };
}

function listReasons(reasons: Current["deadLettersByReason"] = []): readonly Detail[] {
  return reasons.map(({ reason, count }) => ({
    value: formatNumber(count),
    name: reason,
    sentence: explain(reason),
  }));
}

/** A stack of a later version may have reasons that this page does not know. */
function explain(reason: Reason): string {
  const known: Readonly<Record<Reason, string>> = words.reasons;
  return Object.hasOwn(known, reason) ? known[reason] : words.reasons.Other;
}
