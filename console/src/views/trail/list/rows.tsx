import { defaultRangeExtractor, type VirtualItem, type Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
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
  const { scroller, body } = refs;
  const [currentId, setCurrentId] = useState<string | null>(null);
  const sizes = useSizes(refs, makeTracks(columns).width);
  const { rowHeight, headHeight, isCompact } = sizes;
  const current = findCurrent(items, [currentId, eventId]);
  const virtualizer = useRowsInSight(scroller, sizes, items.length, current);
  const isFollowing = () => eventId === null && !body.current?.matches(":focus-within");
  const { remember } = useAnchor(scroller, items, rowHeight, isFollowing);
  const focusRow = useFocus(body);
  const onOpen = useMemo(() => (id: string) => {
    setCurrentId(id);
    navigation.go({ eventId: id });
  }, [navigation]);

  function moveTo(index: number): boolean {
    const to = Math.min(Math.max(index, 0), items.length - 1);
    const item = items[to];
    if (!item) return false;
    setCurrentId(item.id);
    virtualizer.scrollToIndex(to, { align: "auto" });
    focusRow(item.id);
    return true;
  }
  const callAt = (id: string, call: (index: number) => void) => {
    const index = findIndex(items, id);
    if (index >= 0) call(index);
  };
  const acknowledgeAtTop = () => {
    if ((scroller.current?.scrollTop ?? 0) < rowHeight) trail.acknowledge();
  };

  useImperativeHandle(handle, () => ({
    run(command) {
      const visible = ((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight;
      const item = currentId === null && eventId === null ? undefined : items[current];
      return runCommand(command, {
        current: item ? current : -1,
        last: items.length - 1,
        page: Math.max(1, Math.floor(visible) - 1),
        moveTo,
        open() {
          if (item) navigation.go({ eventId: item.id });
          return item !== undefined;
        },
      });
    },
  }));
  useKeepOpenInSight(eventId, rowHeight, items.length > 0, (id) =>
    callAt(id, (index) => virtualizer.scrollToIndex(index, { align: "auto" })),
  );
  useReturnFocus(body, eventId, (id) => callAt(id, moveTo));
  const rows = virtualizer.getVirtualItems();
  useLoadMore(trail, rows, current);
  useEffect(acknowledgeAtTop, [trail.fresh.value]);

  return (
    <Grid
      trail={trail}
      columns={columns}
      isCompact={isCompact}
      refs={refs}
      rows={rows}
      height={virtualizer.getTotalSize()}
      headHeight={headHeight}
      current={current}
      eventId={eventId}
      onOpen={onOpen}
      onFocus={setCurrentId}
      onScroll={() => {
        remember();
        acknowledgeAtTop();
      }}
    />
  );
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
