import type { VirtualItem } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { Loading } from "../../../parts/states";
import type { Trail } from "../../../state/trail";
import { texts } from "../../../texts";
import { makeTracks, type ColumnName } from "./columns";
import { Foot } from "./foot";
import { Head } from "./head";
import { Row } from "./row";
import { Skeleton } from "./skeleton";

interface Props {
  readonly trail: Trail;
  readonly columns: readonly ColumnName[];
  readonly isCompact: boolean;
  readonly refs: Readonly<Record<"scroller" | "head" | "probe" | "body", RefObject<HTMLDivElement | null>>>;
  /** The rows in sight, and the one with the focus. */
  readonly rows: readonly VirtualItem[];
  /** Pixels: of all rows, and of the names of the columns. */
  readonly height: number;
  readonly headHeight: number;
  readonly current: number;
  readonly eventId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onFocus: (id: string) => void;
  readonly onScroll: () => void;
}

/** The list for the eye and for assistive technology: an ARIA grid whose rows are in sight. */
export function Grid(props: Props) {
  const { trail, columns, isCompact, refs } = props;
  const { kind } = trail.status.value;
  const count = trail.items.value.length;
  const { tracks, width } = makeTracks(columns);
  const isFirstLoad = count === 0 && kind === "loading";
  return (
    <div
      class={isCompact ? "list-scroller list-compact" : "list-scroller"}
      ref={refs.scroller}
      style={{ "--list-tracks": tracks, "--list-width": isCompact ? "0" : `${width}rem` }}
      onScroll={props.onScroll}
    >
      <div class="list-probe" ref={refs.probe} aria-hidden="true" />
      <div
        role="grid"
        class="list-grid"
        aria-label={texts.trail.label}
        aria-rowcount={kind === "ended" ? count + 1 : -1}
        aria-colcount={columns.length}
        aria-busy={kind === "loading"}
      >
        <Head columns={columns} row={refs.head} />
        {count > 0 && <Body {...props} />}
      </div>
      {isFirstLoad && <FirstLoad columns={columns.length} />}
      <Foot trail={trail} />
    </div>
  );
}

function Body(props: Props) {
  const { trail, refs, rows, headHeight, current, eventId } = props;
  const items = trail.items.value;
  const fresh = trail.fresh.value;
  return (
    <div role="rowgroup" class="list-body" ref={refs.body} style={{ height: `${props.height}px` }}>
      {rows.map(({ index, start }) => {
        const item = items[index];
        return (
          item && (
            <Row
              key={item.id}
              item={item}
              index={index}
              top={start - headHeight}
              columns={props.columns}
              isCompact={props.isCompact}
              isOpen={item.id === eventId}
              isFresh={fresh.has(item.id)}
              isCurrent={index === current}
              onOpen={props.onOpen}
              onFocus={props.onFocus}
            />
          )
        );
      })}
    </div>
  );
}

function FirstLoad({ columns }: { columns: number }) {
  return (
    <>
      <Skeleton columns={columns} />
      <div class="hidden">
        <Loading />
      </div>
    </>
  );
}
