import { defaultRangeExtractor, type VirtualItem } from "@tanstack/virtual-core";
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
import { useSizes } from "./sizes";
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
  const scroller = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const { rowHeight, headHeight, isCompact } = useSizes({ scroller, head, probe }, makeTracks(columns).width);
  const current = findCurrent(items, [currentId, eventId]);

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    // The row with the focus stays, wherever the list is scrolled to.
    rangeExtractor: (range) => addIndex(defaultRangeExtractor(range), current, range),
  });
  useLayoutEffect(() => virtualizer.measure(), [rowHeight]);
  const hasFocus = () => body.current?.matches(":focus-within") ?? false;
  const isFollowing = () => eventId === null && !hasFocus();
  const { remember } = useAnchor(scroller, items, rowHeight, isFollowing);
  const focusRow = useFocus(body);

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
      const visible = ((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight;
      const isNone = currentId === null && eventId === null;
      return runCommand(command, {
        current: isNone ? -1 : current,
        last: items.length - 1,
        page: Math.max(1, Math.floor(visible) - 1),
        moveTo,
        open: isNone ? () => false : open,
      });
    },
  }));
  const onOpen = useMemo(() => (id: string) => {
    setCurrentId(id);
    navigation.go({ eventId: id });
  }, [navigation]);

  useKeepOpenInSight(eventId, rowHeight, items.length > 0, (id) => {
    const index = findIndex(items, id);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: "auto" });
  });
  useReturnFocus(body, eventId, (id) => {
    const index = findIndex(items, id);
    if (index >= 0) moveTo(index);
  });
  const rows = virtualizer.getVirtualItems();
  useLoadMore(trail, rows, current);
  const acknowledgeAtTop = () => {
    if ((scroller.current?.scrollTop ?? 0) < rowHeight) trail.acknowledge();
  };
  useEffect(acknowledgeAtTop, [trail.fresh.value]);

  return (
    <Grid
      trail={trail}
      columns={columns}
      isCompact={isCompact}
      refs={{ scroller, head, probe, body }}
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

/** Loads the next page when the last rows come near. */
function useLoadMore(trail: Trail, rows: readonly VirtualItem[], current: number): void {
  useEffect(() => {
    const last = rows.findLast((row) => row.index !== current)?.index ?? 0;
    const isNear = last >= trail.items.peek().length - AHEAD;
    if (isNear && trail.status.value.kind === "ready") trail.loadMore();
  });
}
