import type { Range } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { TrailItem } from "../../../api/types";
import { findIndex } from "../../../state/ids";
import type { Command } from "./keys";

/** Returns the index of the first of these events that is in the list, else 0. */
export function findCurrent(
  items: readonly TrailItem[],
  candidates: readonly (string | null)[],
): number {
  const found = candidates.map((id) => (id === null ? -1 : findIndex(items, id)));
  return found.find((index) => index >= 0) ?? 0;
}

/** Returns the indexes in ascending order, with this one in it if the list has it. */
export function addIndex(indexes: readonly number[], index: number, { count }: Range): number[] {
  if (index >= count || indexes.includes(index)) return [...indexes];
  return [...indexes, index].sort((a, b) => a - b);
}

export interface Moves {
  /** The index of the current row, or -1 before there is one. */
  readonly current: number;
  readonly last: number;
  /** Rows in sight. */
  readonly page: number;
  readonly moveTo: (index: number) => boolean;
  readonly open: () => boolean;
}

/** Does what a command says. Returns whether it did something. */
export function runCommand(command: Command, moves: Moves): boolean {
  switch (command) {
    case "next":
      return moves.moveTo(moves.current + 1);
    case "previous":
      return moves.moveTo(moves.current - 1);
    case "pageDown":
      return moves.moveTo(moves.current + moves.page);
    case "pageUp":
      return moves.moveTo(moves.current - moves.page);
    case "first":
      return moves.moveTo(0);
    case "last":
      return moves.moveTo(moves.last);
    case "open":
      return moves.open();
    default:
      return false;
  }
}

/** Returns a function that focuses the row of an event as soon as it is in the document. */
export function useFocus(body: RefObject<HTMLElement | null>): (id: string) => void {
  const wanted = useRef<string | null>(null);
  function focusNow(): void {
    const row = findRow(body, wanted.current);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  }
  useLayoutEffect(focusNow);
  return (id) => {
    wanted.current = id;
    focusNow();
  };
}

function findRow(body: RefObject<HTMLElement | null>, id: string | null): HTMLElement | undefined {
  if (id === null) return undefined;
  const rows = [...(body.current?.children ?? [])] as HTMLElement[];
  return rows.find((row) => row.dataset["id"] === id);
}

/** Scrolls to the open event when it is opened, and when the rows get another height. */
export function useKeepOpenInSight(
  eventId: string | null,
  rowHeight: number,
  isLoaded: boolean,
  show: (id: string) => void,
): void {
  useEffect(() => {
    if (eventId !== null && isLoaded) show(eventId);
  }, [eventId, rowHeight, isLoaded]);
}

/** Gives the focus back to the event's row when the event is closed, if nothing else has it. */
export function useReturnFocus(
  body: RefObject<HTMLElement | null>,
  eventId: string | null,
  focus: (id: string) => void,
): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    const closed = before.current;
    before.current = eventId;
    if (closed === null || eventId !== null) return;
    const root = body.current?.getRootNode() as Document | ShadowRoot | undefined;
    const active = root?.activeElement;
    if (!active || active === body.current?.ownerDocument.body) focus(closed);
  }, [eventId]);
}
