import { defaultRangeExtractor, type VirtualItem, type Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TrailItem } from "../../../api/types";
import { useConsole } from "../../../state/context";
import { findIndex } from "../../../state/ids";
import type { Trail } from "../../../state/trail";
import { useAnchor } from "./anchor";
import { makeTracks, readColumns } from "./columns";
import { Grid } from "./grid";
import type { Command } from "./keys";
import { addIndex, findCurrent, runCommand, useFocus, useKeepOpenInSight, useReturnFocus } from "./rows-state";
import { useSizes, type Sizes } from "./sizes";
import { useVirtualizer } from "./virtualizer";

/** Moves in the list, or opens the current event. `run` returns whether it did something. */
export interface RowsHandle {
  run(command: Command): boolean;
}

/** Rows before the end of what is loaded at which the next page is loaded. */
const AHEAD = 40;
const OVERSCAN = 4;

interface Props {
  readonly trail: Trail;
  readonly handle: RefObject<RowsHandle | null>;
}

/** The rows of the list, of which only those in sight are in the document. */
export function Rows({ trail, handle }: Props) {
  const { navigation, preferences } = useConsole();
  const { eventId } = navigation.place.value;
  const items = trail.items.value;
  const chosen = preferences.value.columns;
  const columns = useMemo(() => readColumns(chosen), [chosen]);
  const refs = useGridRefs();
  const sizes = useSizes(refs, makeTracks(columns).width);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const current = findCurrent(items, [currentId, eventId]);
  const virtualizer = useRowsInSight(refs.scroller, sizes, items.length, current);
  const isFollowing = () => eventId === null && !refs.body.current?.matches(":focus-within");
  const { remember } = useAnchor(refs.scroller, items, sizes.rowHeight, isFollowing);
  const onOpen = useMemo(() => (id: string) => {
    setCurrentId(id);
    navigation.go({ eventId: id });
  }, [navigation]);
  const hasCurrent = currentId !== null || eventId !== null;
  useMoves({ handle, items, refs, sizes, virtualizer, current: hasCurrent ? current : -1, setCurrentId });
  const rows = virtualizer.getVirtualItems();
  useLoadMore(trail, rows, current);
  const acknowledgeAtTop = () => {
    if ((refs.scroller.current?.scrollTop ?? 0) < sizes.rowHeight) trail.acknowledge();
  };
  useEffect(acknowledgeAtTop, [trail.fresh.value]);
  const onScroll = () => {
    remember();
    acknowledgeAtTop();
  };
  const shown = { trail, columns, refs, rows, current, eventId, onOpen, onScroll, onFocus: setCurrentId };
  return (
    <Grid
      {...shown}
      isCompact={sizes.isCompact}
      height={virtualizer.getTotalSize()}
      headHeight={sizes.headHeight}
    />
  );
}

interface MovesOptions {
  readonly handle: Props["handle"];
  readonly items: readonly TrailItem[];
  readonly refs: ReturnType<typeof useGridRefs>;
  readonly sizes: Sizes;
  readonly virtualizer: Virtualizer<Element, Element>;
  /** The index of the current row, or -1 before there is one. */
  readonly current: number;
  readonly setCurrentId: (id: string) => void;
}

/** Lets commands move in the list, shows the event that is opened, and goes back to its row when it is closed. */
function useMoves({ handle, items, refs, sizes, virtualizer, current, setCurrentId }: MovesOptions): void {
  const { navigation } = useConsole();
  const { eventId } = navigation.place.value;
  const { rowHeight, headHeight } = sizes;
  const focusRow = useFocus(refs.body);
  function moveTo(index: number): boolean {
    const to = Math.min(Math.max(index, 0), items.length - 1);
    const item = items[to];
    if (!item) return false;
    setCurrentId(item.id);
    virtualizer.scrollToIndex(to, { align: "auto" });
    focusRow(item.id);
    return true;
  }
  function open(): boolean {
    const item = items[current];
    if (item) navigation.go({ eventId: item.id });
    return item !== undefined;
  }
  useImperativeHandle(handle, () => ({
    run(command) {
      const visible = ((refs.scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight;
      const page = Math.max(1, Math.floor(visible) - 1);
      return runCommand(command, { current, last: items.length - 1, page, moveTo, open });
    },
  }));
  const callAt = (id: string, call: (index: number) => void) => {
    const index = findIndex(items, id);
    if (index >= 0) call(index);
  };
  useKeepOpenInSight(eventId, rowHeight, items.length > 0, (id) =>
    callAt(id, (index) => virtualizer.scrollToIndex(index, { align: "auto" })),
  );
  useReturnFocus(refs.body, eventId, (id) => callAt(id, moveTo));
}

function useGridRefs() {
  return {
    scroller: useRef<HTMLDivElement>(null),
    head: useRef<HTMLDivElement>(null),
    probe: useRef<HTMLDivElement>(null),
    body: useRef<HTMLDivElement>(null),
  };
}

/** Finds the rows in sight, and the one with the focus, wherever the list is scrolled to. */
function useRowsInSight(
  scroller: RefObject<HTMLDivElement | null>,
  { rowHeight, headHeight }: Sizes,
  count: number,
  current: number,
): Virtualizer<Element, Element> {
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    rangeExtractor: (range) => addIndex(defaultRangeExtractor(range), current, range),
  });
  useLayoutEffect(() => virtualizer.measure(), [rowHeight]);
  return virtualizer;
}

/** Loads the next page when the last rows come near. */
function useLoadMore(trail: Trail, rows: readonly VirtualItem[], current: number): void {
  useEffect(() => {
    const last = rows.findLast((row) => row.index !== current)?.index ?? 0;
    const isNear = last >= trail.items.peek().length - AHEAD;
    if (isNear && trail.status.value.kind === "ready") trail.loadMore();
  });
}
