import { describe, expect, it } from "vitest";
import { findEnd, makePattern, revealText, splitText } from "../src/parts/characters";

const show = (text: string, isLine = false) =>
  splitText(text, null, isLine)
    .map((token) => token.text)
    .join("");

describe("hidden characters", () => {
  it.each([
    ["abc\u202Egpj.exe", "abc⟨U+202E⟩gpj.exe"],
    ["\u200B\u200B\u200Bx", "⟨U+200B ×3⟩x"],
    ["a\u0000b\u007F\u0085", "a⟨U+0000⟩b⟨U+007F⟩⟨U+0085⟩"],
    ["a\u00A0b\u3164", "a⟨U+00A0⟩b⟨U+3164⟩"],
    ["\u{E0041}\uFEFF\u2028", "⟨U+E0041⟩⟨U+FEFF⟩⟨U+2028⟩"],
    ["1\uFE0F a\u200Db", "1⟨U+FE0F⟩ a⟨U+200D⟩b"],
    ["\uD800 \\ud800", "⟨U+D800⟩ \\ud800"],
    ["e\u0301\u0301\u0301\u0301\u0302\u0302", "e\u0301\u0301\u0301\u0301⟨U+0302 ×2⟩"],
  ])("are shown: %j", (text, shown) => expect(show(text)).toBe(shown));

  it.each(["Zoë Ærø 日本語 عربي 👩‍👩‍👧 ❤️ 👍🏽", "two\nlines\twith a tab", ""])(
    "are not seen in %j",
    (text) => expect(show(text)).toBe(text),
  );

  it("include line breaks in a line", () => expect(show("a\nb", true)).toBe("a⟨U+000A⟩b"));
});

describe("a text for a tooltip", () => {
  it("shows what hides", () => expect(revealText("a\u202Eb\nc")).toBe("a⟨U+202E⟩b⟨U+000A⟩c"));
});

describe("matches", () => {
  it("are found without regard to case, and literally", () => {
    const tokens = splitText("A.b a.B axb", makePattern("a.b"), false);
    expect(tokens.filter(({ kind }) => kind === "match").map(({ text }) => text)).toEqual(["A.b", "a.B"]);
  });

  it.each(["[a-z]", "^$", "\\d", "(", "a|b", "-", "}", "/x/"])("do not read %s as a pattern", (query) => {
    expect(makePattern(query)?.exec(`x${query}y`)?.[0]).toBe(query);
  });
});

describe("the end of a part", () => {
  it("is the text's, if it fits", () => expect(findEnd("abc", 0, 3, 9)).toBe(3));
  it("is not within a surrogate pair", () => expect(findEnd("ab😀c", 0, 3, 9)).toBe(2));
  it("is not within a family", () => expect(findEnd("a👩‍👩‍👧b", 0, 4, 9)).toBe(1));
  it("is after a number of lines", () => expect(findEnd("a\nb\nc\nd", 0, 99, 2)).toBe(4));
  it("moves on through a character without end", () => {
    expect(findEnd(`e${"\u0301".repeat(500)}`, 0, 100, 9)).toBe(100);
  });
  it("covers a text in parts without a gap", () => {
    const text = "é👩‍👩‍👧 x\n".repeat(200);
    const parts: string[] = [];
    for (let start = 0; start < text.length; ) {
      const end = findEnd(text, start, 37, 5);
      parts.push(text.slice(start, end));
      start = end;
    }
    expect(parts.join("")).toBe(text);
  });
});
