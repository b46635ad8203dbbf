import text from "./index.css?inline";

const first = new CSSStyleSheet();
const later = new CSSStyleSheet();
first.replaceSync(text);

/** Give a page, or a shadow root, the console's style. The scripts contain it, so it needs no request. */
export function adoptStyle(root: Document | ShadowRoot): void {
  root.adoptedStyleSheets = [first, later];
}

/** Add the style of what is loaded later, wherever the console's style is. */
export function completeStyle(rules: string): void {
  later.replaceSync(rules);
}
