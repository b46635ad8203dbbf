import { isArray, isContainer, isSame, joinPath, listEntries, type Container, type Json } from "./json";

export type DiffKind = "same" | "added" | "removed" | "changed";

/** A key, or a position of a list, before and after. `children` say what changed within, if both are of one kind. */
export interface DiffNode {
  readonly key: string;
  readonly kind: DiffKind;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly children: readonly DiffNode[] | null;
}

/** Compare lists item by item up to this many pairs of items, and by position beyond. */
const MAX_PAIRS = 250_000;

/** Returns what changed between two objects or lists: in objects first what changed, then what is the same. */
export function diffContainers(before: Container, after: Container): readonly DiffNode[] {
  if (isArray(before) && isArray(after)) return diffLists(before, after);
  const olds = new Map(listEntries(before));
  const news = new Map(listEntries(after));
  const keys = [...new Set([...olds.keys(), ...news.keys()])];
  const nodes = keys.map((key) => diffValues(key, olds.get(key), news.get(key)));
  return [...nodes.filter(({ kind }) => kind !== "same"), ...nodes.filter(({ kind }) => kind === "same")];
}

function diffValues(key: string, before: Json | undefined, after: Json | undefined): DiffNode {
  const node = { key, before, after, children: null };
  if (before === undefined) return { ...node, kind: "added" };
  if (after === undefined) return { ...node, kind: "removed" };
  if (isSame(before, after)) return { ...node, kind: "same" };
  const isNested = isContainer(before) && isContainer(after) && isArray(before) === isArray(after);
  return { ...node, kind: "changed", children: isNested ? diffContainers(before, after) : null };
}

function diffLists(before: readonly Json[], after: readonly Json[]): readonly DiffNode[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && isSameAt(before, start, after, start)) start += 1;
  let end = 0;
  while (end < shorter - start && isSameAt(before, before.length - 1 - end, after, after.length - 1 - end)) end += 1;
  const middle = diffMiddle(
    { items: before, start, end: before.length - end },
    { items: after, start, end: after.length - end },
  );
  const same = (index: number) => diffValues(String(index), after[index], after[index]);
  return [
    ...Array.from({ length: start }, (_, index) => same(index)),
    ...middle,
    ...Array.from({ length: end }, (_, index) => same(after.length - end + index)),
  ];
}

function isSameAt(before: readonly Json[], old: number, after: readonly Json[], now: number): boolean {
  const [one, other] = [before[old], after[now]];
  return one !== undefined && other !== undefined && isSame(one, other);
}

/** A part of a list; `end` is excluded. */
interface Part {
  readonly items: readonly Json[];
  readonly start: number;
  readonly end: number;
}

/** Compares two parts that begin and end with different items. */
function diffMiddle(before: Part, after: Part): readonly DiffNode[] {
  const pairs = (before.end - before.start) * (after.end - after.start);
  const kept = pairs > MAX_PAIRS ? [] : findKept(before, after);
  const nodes: DiffNode[] = [];
  let [old, now] = [before.start, after.start];
  for (const [keptOld, keptNow] of [...kept, [before.end, after.end] as const]) {
    while (old < keptOld || now < keptNow) {
      const was = old < keptOld ? before.items[old++] : undefined;
      const is = now < keptNow ? after.items[now++] : undefined;
      nodes.push(diffValues(String(is === undefined ? old - 1 : now - 1), was, is));
    }
    if (keptOld < before.end) nodes.push(diffValues(String(keptNow), before.items[old++], after.items[now++]));
  }
  return nodes;
}

/** Returns the positions of the longest common subsequence. */
function findKept(before: Part, after: Part): readonly (readonly [number, number])[] {
  const width = after.end - after.start + 1;
  const lengths = new Uint32Array((before.end - before.start + 1) * width);
  const at = (old: number, now: number) => (old - before.start) * width + now - after.start;
  for (let old = before.end - 1; old >= before.start; old -= 1) {
    for (let now = after.end - 1; now >= after.start; now -= 1) {
      lengths[at(old, now)] = isSameAt(before.items, old, after.items, now)
        ? (lengths[at(old + 1, now + 1)] ?? 0) + 1
        : Math.max(lengths[at(old + 1, now)] ?? 0, lengths[at(old, now + 1)] ?? 0);
    }
  }
  const kept: [number, number][] = [];
  for (let [old, now] = [before.start, after.start]; old < before.end && now < after.end; ) {
    if (isSameAt(before.items, old, after.items, now)) kept.push([old++, now++]);
    else if ((lengths[at(old + 1, now)] ?? 0) >= (lengths[at(old, now + 1)] ?? 0)) old += 1;
    else now += 1;
  }
  return kept;
}

/** A row of a diff: a node, or a fold of `count` nodes that are the same. */
export type DiffRow =
  | { readonly type: "node"; readonly path: string; readonly depth: number; readonly node: DiffNode; readonly isOpen: boolean }
  | { readonly type: "fold"; readonly path: string; readonly depth: number; readonly count: number };

/** Yields the rows of a diff. `isOpen` says of a path whether it is open, given how it is by default. */
export function* listDiffRows(
  nodes: readonly DiffNode[],
  isOpen: (path: string, byDefault: boolean) => boolean,
  path = "",
  depth = 0,
): Generator<DiffRow> {
  for (let index = 0; index < nodes.length; index += 1) {
    const count = countSame(nodes, index);
    const node = nodes[index];
    const fold = `${path}#${index}`;
    if (node === undefined) return;
    if (count > 0 && !isOpen(fold, false)) {
      yield { type: "fold", path: fold, depth, count };
      index += count - 1;
      continue;
    }
    const own = joinPath(path, `${node.key}:${node.kind}`);
    const shows = node.children !== null && isOpen(own, true);
    yield { type: "node", path: own, depth, node, isOpen: shows };
    if (node.children !== null && shows) yield* listDiffRows(node.children, isOpen, own, depth + 1);
  }
}

/** Returns how many nodes are the same from the first of a run on; 0 within the run. */
function countSame(nodes: readonly DiffNode[], start: number): number {
  if (nodes[start - 1]?.kind === "same") return 0;
  let end = start;
  while (nodes[end]?.kind === "same") end += 1;
  return end - start;
}
