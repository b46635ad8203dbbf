import { useMemo, useState } from "preact/hooks";
import { formatNumber } from "../../format";
import { makePattern } from "../../parts/characters";
import { Masked } from "../../parts/masked";
import { Untrusted } from "../../parts/untrusted";
import { texts } from "../../texts";
import { getSize, isArray, isContainer, type Container, type Json } from "./json";
import { MoreRows } from "./more";
import { listTreeRows, searchTree, takeRows, type IsOpen, type Matches, type TreeRow } from "./tree";

const FIRST_ROWS = 100;
const MORE_ROWS = 200;
/** Open at first: what is not deeper, and has no more entries. */
const OPEN_DEPTH = 3;
const OPEN_SIZE = 30;
const MAX_INDENT = 10;

type Base = "some" | "all" | "none";

/** What is open: the base, and what the reader opened and folded since. */
interface Fold {
  readonly base: Base;
  readonly chosen: ReadonlyMap<string, boolean>;
}

const START: Fold = { base: "some", chosen: new Map() };

/** Returns whether a value at a path within the tree is masked. */
export type IsMasked = (path: string, value: Json) => boolean;

interface Props {
  readonly value: Container;
  readonly name: string;
  readonly isMasked: IsMasked;
}

/** A JSON value as a tree that can be folded and searched. */
export function SearchableTree({ value, name, isMasked }: Props) {
  const [query, setQuery] = useState("");
  const [fold, setFold] = useState(START);
  const pattern = useMemo(() => makePattern(query.trim()), [query]);
  const matches = useMemo(() => pattern && searchTree(value, pattern), [value, pattern]);
  return (
    <>
      <div class="event-tools">
        <input
          type="search"
          class="event-search"
          aria-label={texts.event.search(name)}
          placeholder={texts.event.searchPlaceholder}
          value={query}
          onInput={({ currentTarget }) => {
            setQuery(currentTarget.value);
            setFold(START);
          }}
        />
        <span role="status" class="event-quiet">
          {matches && describeMatches(matches)}
        </span>
        <button type="button" onClick={() => setFold({ base: "all", chosen: new Map() })}>
          {texts.event.openAll}
        </button>
        <button type="button" onClick={() => setFold({ base: "none", chosen: new Map() })}>
          {texts.event.foldAll}
        </button>
      </div>
      <TreeRows key={query} {...{ value, fold, pattern, matches, isMasked }} onFold={setFold} />
    </>
  );
}

function describeMatches({ found }: Matches): string {
  const { matches, noMatch } = texts.event;
  return found.size === 0 ? noMatch : matches(formatNumber(found.size), found.size === 1);
}

/** A JSON value within something else. */
export function Tree({ value, isMasked }: Omit<Props, "name">) {
  const [fold, setFold] = useState(START);
  return <TreeRows {...{ value, fold, isMasked }} onFold={setFold} pattern={null} matches={null} />;
}

interface RowsProps {
  readonly value: Container;
  readonly fold: Fold;
  readonly onFold: (fold: Fold) => void;
  readonly pattern: RegExp | null;
  readonly matches: Matches | null;
  readonly isMasked: IsMasked;
}

function TreeRows({ value, fold, onFold, pattern, matches, isMasked }: RowsProps) {
  const [limit, setLimit] = useState(FIRST_ROWS);
  const isOpen: IsOpen = (path, item, depth) =>
    fold.chosen.get(path) ?? isOpenAtFirst(fold.base, matches?.parents.has(path) ?? false, item, depth);
  const { rows, isCut } = takeRows(listTreeRows(value, isOpen, matches), limit);
  const toggle = ({ path, isOpen: wasOpen }: TreeRow) =>
    onFold({ ...fold, chosen: new Map(fold.chosen).set(path, !wasOpen) });
  return (
    <>
      <ul class="tree">
        {rows.map((row) => (
          <Row key={row.path} row={row} pattern={pattern} isMasked={isMasked} onToggle={() => toggle(row)} />
        ))}
      </ul>
      {isCut && <MoreRows count={MORE_ROWS} onMore={() => setLimit(limit + MORE_ROWS)} />}
    </>
  );
}

function isOpenAtFirst(base: Base, isParent: boolean, item: Container, depth: number): boolean {
  if (base !== "some") return base === "all";
  return isParent || (depth < OPEN_DEPTH && getSize(item) <= OPEN_SIZE);
}

interface RowProps {
  readonly row: TreeRow;
  readonly pattern: RegExp | null;
  readonly isMasked: IsMasked;
  readonly onToggle: () => void;
}

function Row({ row, pattern, isMasked, onToggle }: RowProps) {
  const { key, value, depth, isOpen } = row;
  const label = <Untrusted line text={key} pattern={pattern} />;
  return (
    <li class="tree-row" data-depth={Math.min(depth, MAX_INDENT)}>
      {isContainer(value) ? (
        <button type="button" class="tree-key" aria-expanded={isOpen} onClick={onToggle}>
          <span class="tree-sign" aria-hidden="true">
            {isOpen ? "▾" : "▸"}
          </span>
          {label} <span class="event-quiet">{describeSize(value)}</span>
        </button>
      ) : (
        <>
          <span class="tree-key">{label}</span> <Scalar value={value} pattern={pattern} isMasked={isMasked(row.path, value)} />
        </>
      )}
    </li>
  );
}

function describeSize(value: Container): string {
  const { keys, items, emptyList, emptyObject } = texts.event;
  const size = getSize(value);
  if (size === 0) return isArray(value) ? emptyList : emptyObject;
  return (isArray(value) ? items : keys)(formatNumber(size), size === 1);
}

interface ScalarProps {
  readonly value: Exclude<Json, Container>;
  readonly pattern?: RegExp | null;
  readonly isMasked?: boolean;
}

/** A text, a number, true, false or null. */
export function Scalar({ value, pattern = null, isMasked = false }: ScalarProps) {
  if (isMasked) return <Masked text={String(value)} />;
  const isText = typeof value === "string";
  return (
    <span class="tree-value" data-type={isText ? "text" : "other"}>
      {isText && '"'}
      <Untrusted text={String(value)} pattern={pattern} />
      {isText && '"'}
    </span>
  );
}
