import type { RefObject } from "preact";
import { getZoneName } from "../../../parts/instants";
import { useConsole } from "../../../state/context";
import { texts } from "../../../texts";
import type { ColumnName } from "./columns";

const TIMES: readonly ColumnName[] = ["time", "received"];

interface Props {
  readonly columns: readonly ColumnName[];
  readonly row: RefObject<HTMLDivElement | null>;
}

/** The names of the columns. A narrow list has them for assistive technology only. */
export function Head({ columns, row }: Props) {
  const { preferences } = useConsole();
  const { timeStyle, zone } = preferences.value;
  return (
    <div role="rowgroup" class="list-head" ref={row}>
      <div role="row" class="list-head-row" aria-rowindex={1}>
        {columns.map((name, position) => (
          <div role="columnheader" key={name} class={`list-cell list-cell-${name}`} aria-colindex={position + 1}>
            {texts.trail.columns[name]}
            {TIMES.includes(name) && timeStyle === "absolute" && (
              <span class="list-zone">{getZoneName(zone)}</span>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
