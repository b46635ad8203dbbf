/** Bars chosen by the keyboard: those from `anchor` to `focus`, both included, in either order. */
export interface Selection {
  readonly anchor: number;
  readonly focus: number;
}

const PAGE = 10;

/**
 * Returns the selection after a key: the bar that it moves to, with Shift also those in between. Null if the key
 * moves nothing. Without a selection it begins at the last bar.
 */
export function moveSelection(
  selection: Selection | null,
  key: string,
  isExtending: boolean,
  count: number,
): Selection | null {
  const last = count - 1;
  const from = selection?.focus ?? last;
  const to = findTarget(key, from, last);
  if (to === null || count === 0) return null;
  const focus = Math.min(Math.max(to, 0), last);
  return { anchor: isExtending ? (selection?.anchor ?? from) : focus, focus };
}

function findTarget(key: string, from: number, last: number): number | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return from - 1;
    case "ArrowRight":
    case "ArrowUp":
      return from + 1;
    case "PageDown":
      return from - PAGE;
    case "PageUp":
      return from + PAGE;
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
