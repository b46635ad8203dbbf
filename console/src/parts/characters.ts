/** A part of a text: as it is, marked as a match, or a character that a reader would not see. */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "match"; readonly text: string }
  | { readonly kind: "sign"; readonly text: string; readonly code: string; readonly count: number };

/**
 * Characters that hide: controls, formats (bidi marks, zero width), unassigned and private ones, spaces that look like
 * a space, and marks stacked more than four high. The joiner and the selector of an emoji are left alone.
 */
const HIDDEN = new RegExp(
  [
    "(?!(?<=\\p{ExtPict})\\uFE0F|(?<=\\p{ExtPict}\\uFE0F?|\\p{EMod})\\u200D(?=\\p{ExtPict}))",
    "(?:[\\p{C}\\p{DI}\\p{Zl}\\p{Zp}\\u2800]|(?![ \\u3000])\\p{Zs}|(?<=\\p{M}{4})\\p{M})",
  ].join(""),
  "gu",
);
const LAYOUT = /^[\n\t]$/;
/** Most texts. They hide nothing, which is found out faster than with `HIDDEN`. */
const PLAIN = /^[ -~]*$/;

/** Returns what finds a text in others, without regard to case; null for an empty text. */
export function makePattern(query: string): RegExp | null {
  if (!query) return null;
  return new RegExp(query.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "giu");
}

/** Splits a text at hidden characters and at matches. With `isLine`, line breaks and tabs are hidden ones too. */
export function splitText(text: string, pattern: RegExp | null, isLine: boolean): Token[] {
  if (pattern === null && PLAIN.test(text)) return text ? [{ kind: "text", text }] : [];
  const tokens: Token[] = [];
  let start = 0;
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    if (!isLine && LAYOUT.test(character)) continue;
    addText(tokens, text.slice(start, index), pattern);
    addSign(tokens, character, index === start);
    start = index + character.length;
  }
  addText(tokens, text.slice(start), pattern);
  return tokens;
}

/** Returns a text with its hidden characters as signs, for a tooltip or a title, which show nothing else. */
export function revealText(text: string): string {
  return splitText(text, null, true)
    .map((token) => token.text)
    .join("");
}

function addText(tokens: Token[], text: string, pattern: RegExp | null): void {
  let start = 0;
  if (pattern !== null) {
    for (const { 0: match, index } of text.matchAll(pattern)) {
      if (!match) continue;
      if (index > start) tokens.push({ kind: "text", text: text.slice(start, index) });
      tokens.push({ kind: "match", text: match });
      start = index + match.length;
    }
  }
  if (start < text.length) tokens.push({ kind: "text", text: text.slice(start) });
}

function addSign(tokens: Token[], character: string, isNext: boolean): void {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const last = tokens.at(-1);
  const isRun = isNext && last?.kind === "sign" && last.code === code;
  const count = isRun ? last.count + 1 : 1;
  if (isRun) tokens.pop();
  tokens.push({ kind: "sign", code, count, text: count > 1 ? `⟨U+${code} ×${count}⟩` : `⟨U+${code}⟩` });
}

/**
 * Returns where a part of the text ends that begins at `start`: after at most `maxLength` UTF-16 units and `maxLines`
 * lines, and not within a character as readers see it.
 */
export function findEnd(text: string, start: number, maxLength: number, maxLines: number): number {
  const limit = findLineEnd(text, start, start + maxLength, maxLines);
  if (limit >= text.length) return text.length;
  const part = text.slice(start, limit + 64);
  const boundary = findBoundary(part, limit - start);
  return start + (boundary > 0 ? boundary : findWhole(part, limit - start));
}

function findLineEnd(text: string, start: number, limit: number, maxLines: number): number {
  let position = start;
  for (let lines = 0; lines < maxLines; lines += 1) {
    const next = text.indexOf("\n", position);
    if (next < 0 || next >= limit) return limit;
    position = next + 1;
  }
  return position;
}

function findBoundary(part: string, limit: number): number {
  if (!("Segmenter" in Intl)) return findWhole(part, limit);
  return new Intl.Segmenter().segment(part).containing(limit)?.index ?? limit;
}

/** Returns the limit, or one less where it would cut a surrogate pair. */
function findWhole(part: string, limit: number): number {
  const isPair = /[\uD800-\uDBFF]/.test(part[limit - 1] ?? "") && /[\uDC00-\uDFFF]/.test(part[limit] ?? "");
  return isPair ? limit - 1 : limit;
}
