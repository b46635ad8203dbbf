/** Returns the browser's storage for this page, or null if the browser does not allow any. */
export function openStorage(window: Window): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
