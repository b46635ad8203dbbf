import { useState } from "preact/hooks";
import { formatNumber } from "../format";
import { texts } from "../texts";
import { findEnd, splitText } from "./characters";

interface Props {
  readonly text: string;
  /** One line, for a cell: cut without a button, and line breaks shown as signs. */
  readonly line?: boolean;
  /** What to mark, if anything. */
  readonly pattern?: RegExp | null;
}

/** Characters and lines shown: at first, and after each "more". The last one is as much as is ever shown at once. */
const STEPS = [
  { length: 500, lines: 20 },
  { length: 5_000, lines: 200 },
  { length: 10_000, lines: 400 },
] as const;
/** Characters shown before a match. */
const MARGIN = 100;
const LINE = { length: 200, lines: 3 } as const;

/** Text that somebody else wrote: isolated, with hidden characters shown, and cut if it is long. */
export function Untrusted({ text, line = false, pattern = null }: Props) {
  if (!line) return <LongText text={text} pattern={pattern} />;
  const end = findEnd(text, 0, LINE.length, LINE.lines);
  return (
    <bdi class="untrusted-line">
      <Tokens text={text.slice(0, end)} pattern={pattern} isLine />
      {end < text.length && "…"}
    </bdi>
  );
}

interface TokensProps {
  readonly text: string;
  readonly pattern: RegExp | null;
  readonly isLine?: boolean;
}

function Tokens({ text, pattern, isLine = false }: TokensProps) {
  return (
    <>
      {splitText(text, pattern, isLine).map((token, position) => {
        if (token.kind === "text") return token.text;
        if (token.kind === "match") return <mark key={position}>{token.text}</mark>;
        return (
          <span key={position} class="untrusted-sign" title={nameCharacter(token.code)}>
            {token.text}
          </span>
        );
      })}
    </>
  );
}

function nameCharacter(code: string): string {
  const { names, other } = texts.untrusted;
  return code in names ? names[code as keyof typeof names] : other;
}

/** What is shown of a text: where its parts begin, the last of them shown, and the step of its length. */
interface Part {
  readonly text: string;
  readonly pattern: RegExp | null;
  readonly starts: readonly number[];
  readonly step: number;
}

function LongText({ text, pattern }: { readonly text: string; readonly pattern: RegExp | null }) {
  const [kept, setPart] = useState<Part | null>(null);
  const part = kept?.text === text && kept.pattern === pattern ? kept : makePart(text, pattern);
  const start = part.starts.at(-1) ?? 0;
  const { length, lines } = STEPS[part.step] ?? STEPS[0];
  const end = findEnd(text, start, length, lines);
  const isWhole = start === 0 && end === text.length && part.step === 0;
  return (
    <>
      <bdi class="untrusted">
        {start > 0 && "…"}
        <Tokens text={text.slice(start, end)} pattern={pattern} />
        {end < text.length && "…"}
      </bdi>
      {!isWhole && <Steps part={part} start={start} end={end} onChange={setPart} />}
    </>
  );
}

/** Returns the first part, or the one with the first match. */
function makePart(text: string, pattern: RegExp | null): Part {
  const found = pattern === null ? -1 : text.search(pattern);
  const isFar = found > STEPS[0].length - MARGIN;
  const starts = isFar ? [0, findEnd(text, 0, found - MARGIN, Infinity)] : [0];
  return { text, pattern, starts, step: 0 };
}

interface StepsProps {
  readonly part: Part;
  readonly start: number;
  readonly end: number;
  readonly onChange: (part: Part) => void;
}

function Steps({ part, start, end, onChange }: StepsProps) {
  const { text, starts, step } = part;
  const isLast = end === text.length;
  const isLongest = step === STEPS.length - 1;
  return (
    <span class="untrusted-steps">
      <span>
        {texts.untrusted.shown(formatNumber(start + 1), formatNumber(end), formatNumber(text.length))}
      </span>
      {!isLast && !isLongest && (
        <button type="button" onClick={() => onChange({ ...part, step: step + 1 })}>
          {texts.untrusted.more}
        </button>
      )}
      {!isLast && isLongest && (
        <button type="button" onClick={() => onChange({ ...part, starts: [...starts, end] })}>
          {texts.untrusted.next}
        </button>
      )}
      {start > 0 && (
        <button type="button" onClick={() => onChange({ ...part, starts: starts.slice(0, -1) })}>
          {texts.untrusted.previous}
        </button>
      )}
      {step > 0 && (
        <button type="button" onClick={() => onChange({ ...part, starts: [0], step: 0 })}>
          {texts.untrusted.less}
        </button>
      )}
    </span>
  );
}
