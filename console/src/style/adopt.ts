import text from "./index.css?inline";

const first = new CSSStyleSheet();
const later = new CSSStyleSheet();
first.replaceSync(text);

/** Give a page, or a shadow root, the console's style. It comes with the scripts, so it is no request of its own. */
export function adoptStyle(root: Document | ShadowRoot): void {
  root.adoptedStyleSheets = [first, later];
}

/** Add the style of what is loaded later, wherever the console's style is. */
export function completeStyle(rules: string): void {
  later.replaceSync(rules);
}
