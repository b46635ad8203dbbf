import { Command } from "../../parts/command";
import { texts } from "../../texts";
import type { CommandName, Finding, State } from "./judge";

const SIGNS: Readonly<Record<State, string>> = { fine: "✓", look: "!", wrong: "✕" };

export const COMMANDS: Readonly<Record<CommandName, string>> = {
  deadLetters: "dead-letters list",
  doctor: "doctor",
};

/** A state as sign, word and colour. */
export function StateMark({ state }: { state: State }) {
  return (
    <span class="health-state" data-state={state}>
      <span class="health-sign" aria-hidden="true">
        {SIGNS[state]}
      </span>
      {texts.health.states[state]}
    </span>
  );
}

/** Findings, one a row: state, what it is, its value, and a sentence with the rule. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul class="health-findings">
      {findings.map(({ name, title, value, state, sentence, rule, command }) => (
        <li key={name} class="health-finding" data-name={name}>
          <StateMark state={state} />
          <h4 class="health-title">{title}</h4>
          <span class="health-value">{value}</span>
          <div class="health-words">
            <p>{sentence}</p>
            {command && <Command arguments={COMMANDS[command]} />}
            <p class="health-rule">{rule}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
