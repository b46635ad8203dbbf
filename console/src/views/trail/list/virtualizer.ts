import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

type Options = Pick<
  VirtualizerOptions<Element, Element>,
  "count" | "getScrollElement" | "estimateSize" | "overscan" | "scrollMargin" | "scrollPaddingStart" | "rangeExtractor"
>;

/** @tanstack/virtual-core as a hook: renders again when other rows come into sight. */
export function useVirtualizer(given: Options): Virtualizer<Element, Element> {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const options = {
    ...given,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<Element, Element>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
