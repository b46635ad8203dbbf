import type { ComponentChildren } from "preact";
import { formatHex, formatNumber } from "../../format";
import { Time } from "../../parts/time";
import { Untrusted } from "../../parts/untrusted";
import { texts } from "../../texts";
import type { Fact } from "../../verify/problems";
import type { Step, StepState } from "../../verify/steps";

const SIGNS: Readonly<Record<StepState, string>> = { passed: "✓", failed: "✕", notPossible: "–" };

interface Props {
  readonly steps: readonly Step[];
  /** Returns what a reader can do about a step. */
  readonly children: (step: Step) => ComponentChildren;
}

/** Each step of a verification: its state in a sign and a word, what is wrong, and its facts. */
export function Steps({ steps, children }: Props) {
  return (
    <ol class="verified-steps">
      {steps.map((step, at) => (
        <StepItem key={at} step={step}>
          {children(step)}
        </StepItem>
      ))}
    </ol>
  );
}

interface StepProps {
  readonly step: Step;
  readonly children: ComponentChildren;
}

function StepItem({ step: { name, state, problem, facts }, children }: StepProps) {
  return (
    <li class="verified-step" data-step={name} data-state={state}>
      <span class="verified-sign" aria-hidden="true">
        {SIGNS[state]}
      </span>
      <div>
        <div class="verified-step-head">
          <span>{texts.verified.steps[name]}</span>
          <span class="verified-state">{texts.verified.states[state]}</span>
        </div>
        {problem !== null && <p class="verified-problem">{texts.verified.problems[problem]}</p>}
        {facts.length > 0 && (
          <dl class="verified-facts">
            {facts.map((fact, at) => (
              <FactItem key={at} fact={fact} />
            ))}
          </dl>
        )}
        {children}
      </div>
    </li>
  );
}

function FactItem({ fact }: { readonly fact: Fact }) {
  if (fact.kind === "difference") return <Difference {...fact} />;
  return (
    <>
      <dt>{texts.verified.facts[fact.name]}</dt>
      <dd>
        <Value fact={fact} />
      </dd>
    </>
  );
}

type PlainFact = Exclude<Fact, { kind: "difference" }>;

function Value({ fact }: { readonly fact: PlainFact }) {
  switch (fact.kind) {
    case "number":
      return <>{formatNumber(fact.value)}</>;
    case "time":
      return <Time value={new Date(Number(fact.value)).toISOString()} />;
    case "hash":
      return (
        <code>{/^[0-9a-f]{64}$/.test(fact.value) ? formatHex(fact.value) : fact.value}</code>
      );
    case "text":
      return (
        <code>
          <Untrusted text={fact.value} />
        </code>
      );
  }
}

interface DifferenceProps {
  readonly field: string;
  readonly shown: string;
  readonly proved: string;
}

function Difference({ field, shown, proved }: DifferenceProps) {
  const { difference } = texts.verified;
  return (
    <>
      <dt>
        <Untrusted text={field} />
      </dt>
      <dd>
        <div class="verified-difference">
          <span>{difference.shown}</span>
          <code>{shown === "" ? difference.absent : <Untrusted text={shown} />}</code>
          <span>{difference.proved}</span>
          <code>{proved === "" ? difference.absent : <Untrusted text={proved} />}</code>
        </div>
      </dd>
    </>
  );
}
