import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** In pixels. A row has two lines if it is narrower than this, */
const COMPACT_WIDTH = 640;
/** or if it is narrower than this and its columns do not fit. A wider list scrolls sideways then. */
const SCROLLING_WIDTH = 900;

/** In pixels, as the styles and the reader's font size make them. */
export interface Sizes {
  readonly rowHeight: number;
  readonly headHeight: number;
  readonly isCompact: boolean;
}

interface Parts {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly head: RefObject<HTMLElement | null>;
  /** An element as high as a row. */
  readonly probe: RefObject<HTMLElement | null>;
}

/** Measures the list, and again whenever it changes. `columnsWidth` is in rem. */
export function useSizes({ scroller, head, probe }: Parts, columnsWidth: number): Sizes {
  const [sizes, setSizes] = useState<Sizes>({ rowHeight: 36, headHeight: 32, isCompact: false });
  useLayoutEffect(() => {
    function measure(): void {
      const width = scroller.current?.clientWidth ?? 0;
      const needed = Math.min(columnsWidth * getRem(scroller.current), SCROLLING_WIDTH);
      const next = {
        rowHeight: probe.current?.offsetHeight || 36,
        headHeight: head.current?.offsetHeight ?? 0,
        isCompact: width > 0 && width < Math.max(COMPACT_WIDTH, needed),
      };
      setSizes((now) => (JSON.stringify(now) === JSON.stringify(next) ? now : next));
    }
    const observer = new ResizeObserver(measure);
    for (const part of [scroller, head, probe]) if (part.current) observer.observe(part.current);
    measure();
    return () => observer.disconnect();
  }, [columnsWidth]);
  return sizes;
}

/** Returns the pixels of a rem: the reader's font size. */
function getRem(element: Element | null): number {
  return element ? parseFloat(getComputedStyle(element.ownerDocument.documentElement).fontSize) : 16;
}
