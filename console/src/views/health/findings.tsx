import { Command } from "../../parts/command";
import { Untrusted } from "../../parts/untrusted";
import { texts } from "../../texts";
import type { CommandName, Detail, Finding, State } from "./finding";

const SIGNS: Readonly<Record<State, string>> = { fine: "✓", unknown: "?", look: "!", wrong: "✕" };

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
      {findings.map(({ name, title, value, state, sentence, rule, details, note, command }) => (
        <li key={name} class="health-finding" data-name={name}>
          <StateMark state={state} />
          <h4 class="health-title">{title}</h4>
          <span class="health-value">{value}</span>
          <div class="health-words">
            <p>{sentence}</p>
            {command && <Command arguments={COMMANDS[command]} />}
            {details && <Details {...details} />}
            {note && <p>{note}</p>}
            <p class="health-rule">{rule}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Details({ title, rows }: { title: string; rows: readonly Detail[] }) {
  return (
    <>
      <p class="health-details-title">{title}</p>
      <ul class="health-details">
        {rows.map(({ value, name, sentence }) => (
          <li key={name}>
            <span class="health-detail-value">{value}</span>
            <span>
              <Untrusted text={name} line />
              <br />
              {sentence}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
