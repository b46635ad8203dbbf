import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { TrailItem } from "../../../api/types";
import { findIndex } from "../../../state/ids";

interface Anchor {
  readonly id: string;
  readonly index: number;
  /** Pixels of the row that are above the visible part. */
  readonly offset: number;
}

/**
 * Keeps the first visible row where it is when rows are added above it or change their height.
 * At the very top `isFollowing` decides whether new rows push the others down instead.
 */
export function useAnchor(
  scroller: RefObject<HTMLElement | null>,
  items: readonly TrailItem[],
  rowHeight: number,
  isFollowing: () => boolean,
): { readonly remember: () => void } {
  const anchor = useRef<Anchor | null>(null);

  function remember(): void {
    const top = scroller.current?.scrollTop ?? 0;
    const index = Math.floor(top / rowHeight);
    const item = items[index];
    anchor.current = item ? { id: item.id, index, offset: top - index * rowHeight } : null;
  }

  useLayoutEffect(() => {
    const element = scroller.current;
    const before = anchor.current;
    if (element && before) {
      const index = findIndex(items, before.id);
      const isAtTop = before.index === 0 && before.offset === 0;
      if (index >= 0 && !(isAtTop && isFollowing())) {
        const top = index * rowHeight + Math.min(before.offset, rowHeight - 1);
        if (top !== element.scrollTop) element.scrollTop = top;
      }
    }
    remember();
  }, [items, rowHeight]);
  return { remember };
}
