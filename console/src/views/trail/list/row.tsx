import type { StoredEvent, TrailItem, UnreadableEvent } from "../../../api/types";
import { Link } from "../../../parts/link";
import { memo } from "../../../parts/memo";
import { Time } from "../../../parts/time";
import { decodeTime } from "../../../state/ids";
import { texts } from "../../../texts";
import { COLUMNS, type ColumnName } from "./columns";
import { Text } from "./text";

export interface RowProps {
  readonly item: TrailItem;
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly columns: readonly ColumnName[];
  /** Two lines instead of columns. */
  readonly isCompact: boolean;
  readonly isOpen: boolean;
  readonly isFresh: boolean;
  /** The one row that the Tab key reaches. */
  readonly isCurrent: boolean;
  readonly onOpen: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

/** An event of the list. */
export const Row = memo(function Row(props: RowProps) {
  const { item, index, top, isOpen, isFresh, isCurrent, onOpen, onFocus } = props;
  const isUnreadable = "unreadable" in item;
  const kind = isUnreadable ? "unreadable" : item.success ? "good" : "bad";
  return (
    <div
      role="row"
      class="list-row"
      data-id={item.id}
      data-kind={kind}
      data-fresh={isFresh || undefined}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      tabIndex={isCurrent ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onFocus(item.id)}
      onClick={(event) => {
        if (!event.defaultPrevented && !isSelecting(event.currentTarget)) onOpen(item.id);
      }}
    >
      {isUnreadable ? <UnreadableCells item={item} count={props.columns.length} /> : <Cells {...props} item={item} />}
    </div>
  );
});

/** Returns whether the click ended a selection of text in the row. */
function isSelecting(row: Element): boolean {
  const selection = row.ownerDocument.getSelection();
  return selection !== null && !selection.isCollapsed && row.contains(selection.anchorNode);
}

interface CellsProps extends Pick<RowProps, "columns" | "isCompact"> {
  readonly item: StoredEvent;
}

const FIRST_LINE: readonly ColumnName[] = ["outcome", "action", "time"];

function Cells({ item, columns, isCompact }: CellsProps) {
  const cell = (name: ColumnName) => (
    <div role="gridcell" key={name} class={`list-cell list-cell-${name}`} aria-colindex={columns.indexOf(name) + 1}>
      {name === "action" ? (
        <EventLink id={item.id}>{COLUMNS.action.render(item, isCompact)}</EventLink>
      ) : (
        COLUMNS[name].render(item, isCompact)
      )}
    </div>
  );
  if (!isCompact) return <>{columns.map(cell)}</>;
  return (
    <>
      <div role="none" class="list-line">
        {FIRST_LINE.filter((name) => columns.includes(name)).map(cell)}
      </div>
      <div role="none" class="list-line">
        {columns.filter((name) => !FIRST_LINE.includes(name)).map(cell)}
      </div>
    </>
  );
}

function UnreadableCells({ item, count }: { item: UnreadableEvent; count: number }) {
  const ms = decodeTime(item.id);
  return (
    <div role="gridcell" class="list-cell list-broken" aria-colspan={count} aria-colindex={1}>
      {!Number.isNaN(ms) && <Time value={new Date(ms).toISOString()} form="second" />}
      <EventLink id={item.id}>
        <span aria-hidden="true">!</span> {texts.trail.unreadable} <Text value={item.unreadable} />
      </EventLink>
      <span class="list-code list-quiet">
        <Text value={item.id} />
      </span>
    </div>
  );
}

/** A link, so that an event can be opened in another tab. The keyboard reaches the row. */
function EventLink({ id, children }: { id: string; children: preact.ComponentChildren }) {
  return (
    <Link to={{ eventId: id }} class="list-link" tabIndex={-1}>
      {children}
    </Link>
  );
}
