import text from "./index.css?inline";

/** Give a page, or a shadow root, the console's style. It comes with the script, so it is no request of its own. */
export function adoptStyle(root: Document | ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  root.adoptedStyleSheets = [sheet];
}
