import { useMemo, useState } from "preact/hooks";
import { formatNumber } from "../../format";
import { Untrusted } from "../../parts/untrusted";
import { MASK } from "../../state/masks";
import { texts } from "../../texts";
import { diffContainers, listDiffRows, type DiffKind, type DiffNode, type DiffRow } from "./diff";
import { isContainer, type Json, type JsonObject } from "./json";
import { Scalar, Tree, type IsMasked } from "./json-tree";
import { MoreRows } from "./more";
import { takeRows } from "./tree";

interface Props {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly fields: readonly string[];
  /** Whether some of the values are masked. */
  readonly hasMasks: boolean;
}

const FIRST_ROWS = 100;
const MORE_ROWS = 200;
const MAX_INDENT = 6;
/** What stands before and after, by kind: a sign beside the colour. */
const SIGNS: Readonly<Record<DiffKind, readonly [string, string]>> = {
  same: ["", ""],
  added: ["", "+"],
  removed: ["−", ""],
  changed: ["−", "+"],
};

/** What an update changed: before and after, side by side. */
export function Changes({ before, after, fields, hasMasks }: Props) {
  const [limit, setLimit] = useState(FIRST_ROWS);
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const nodes = useMemo(() => diffContainers(before, after), [before, after]);
  const isOpen = (path: string, byDefault: boolean) => chosen.get(path) ?? byDefault;
  const { rows, isCut } = takeRows(listDiffRows(nodes, isOpen), limit);
  const set = (path: string, open: boolean) => setChosen(new Map(chosen).set(path, open));
  const isMasked: IsMasked = (_, value) => hasMasks && value === MASK;
  const isSame = nodes.every(({ kind }) => kind === "same");
  return (
    <>
      {isSame && <p class="event-quiet">{texts.event.noChange}</p>}
      {fields.length > 0 && (
        <p>
          <span class="event-quiet">{texts.event.changedFields}:</span> <Untrusted text={fields.join(", ")} />
        </p>
      )}
      <div class="diff" role="table" aria-label={texts.event.changes}>
        <div class="diff-row diff-head" role="row">
          <span role="columnheader">{texts.event.before}</span>
          <span role="columnheader">{texts.event.after}</span>
        </div>
        {rows.map((row) => (
          <Row key={row.path} row={row} isMasked={isMasked} onOpen={(open) => set(row.path, open)} />
        ))}
      </div>
      {isCut && <MoreRows count={MORE_ROWS} onMore={() => setLimit(limit + MORE_ROWS)} />}
    </>
  );
}

interface RowProps {
  readonly row: DiffRow;
  readonly isMasked: IsMasked;
  readonly onOpen: (open: boolean) => void;
}

function Row({ row, isMasked, onOpen }: RowProps) {
  const depth = Math.min(row.depth, MAX_INDENT);
  if (row.type === "fold") {
    return (
      <Wide depth={depth} isOpen={false} isFold onOpen={onOpen}>
        {texts.event.unchanged(formatNumber(row.count), row.count === 1)}
      </Wide>
    );
  }
  const { node, isOpen } = row;
  if (node.children !== null) {
    return (
      <Wide depth={depth} isOpen={isOpen} onOpen={onOpen}>
        <Untrusted line text={node.key} />
      </Wide>
    );
  }
  return (
    <div class="diff-row" role="row" data-depth={depth}>
      <Cell node={node} side="before" isMasked={isMasked} />
      <Cell node={node} side="after" isMasked={isMasked} />
    </div>
  );
}

interface WideProps {
  readonly depth: number;
  readonly isOpen: boolean;
  readonly isFold?: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly children: preact.ComponentChildren;
}

function Wide({ depth, isOpen, isFold = false, onOpen, children }: WideProps) {
  return (
    <div class="diff-row" role="row" data-depth={depth}>
      <div class="diff-wide" role="cell" aria-colspan={2}>
        <button
          type="button"
          class={isFold ? "tree-key diff-fold" : "tree-key"}
          aria-expanded={isOpen}
          onClick={() => onOpen(!isOpen)}
        >
          <span class="tree-sign" aria-hidden="true">
            {isOpen ? "▾" : "▸"}
          </span>
          {children}
        </button>
      </div>
    </div>
  );
}

interface CellProps {
  readonly node: DiffNode;
  readonly side: "before" | "after";
  readonly isMasked: IsMasked;
}

function Cell({ node, side, isMasked }: CellProps) {
  const value = node[side];
  const sign = SIGNS[node.kind][side === "before" ? 0 : 1];
  if (value === undefined) return <div class="diff-cell diff-empty" role="cell" />;
  return (
    <div class="diff-cell" role="cell" data-sign={sign} title={texts.event.kinds[node.kind]}>
      <span class="diff-sign">{sign}</span>
      <div class="diff-value">
        <span class="tree-key">
          <Untrusted line text={node.key} />
        </span>{" "}
        <Value value={value} isMasked={isMasked} />
      </div>
    </div>
  );
}

function Value({ value, isMasked }: { readonly value: Json; readonly isMasked: IsMasked }) {
  if (!isContainer(value)) return <Scalar value={value} isMasked={isMasked("", value)} />;
  if (Object.keys(value).length === 0) return <code>{JSON.stringify(value)}</code>;
  return <Tree value={value} isMasked={isMasked} />;
}
