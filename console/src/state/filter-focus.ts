const EVENT_NAME = "prooftrail-filter-focus";

/** Asks the filter bar in the same document or shadow tree as `element` to take the focus. */
export function requestFilterFocus(element: Element): void {
  element.getRootNode().dispatchEvent(new Event(EVENT_NAME));
}

/** Calls `handle` for each such request. Returns the function that ends this. */
export function onFilterFocus(element: Element, handle: () => void): () => void {
  const root = element.getRootNode();
  root.addEventListener(EVENT_NAME, handle);
  return () => root.removeEventListener(EVENT_NAME, handle);
}
