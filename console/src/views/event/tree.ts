import { isArray, isContainer, joinPath, listEntries, type Container, type Json } from "./json";

/** A row of a tree. `size` is the number of entries of an object or a list, and null for any other value. */
export interface TreeRow {
  readonly path: string;
  readonly depth: number;
  readonly key: string;
  readonly value: Json;
  readonly isOpen: boolean;
}

/** Where a search matched: paths of keys and values, and of all that contains them. */
export interface Matches {
  readonly found: ReadonlySet<string>;
  readonly parents: ReadonlySet<string>;
}

export type IsOpen = (path: string, value: Container, depth: number) => boolean;

/** Yields the rows that are open; with matches, only those that match, contain a match or are in one. */
export function* listTreeRows(
  value: Container,
  isOpen: IsOpen,
  matches: Matches | null,
  path = "",
  depth = 0,
): Generator<TreeRow> {
  for (const [key, item] of listEntries(value)) {
    const own = joinPath(path, key);
    const isFound = matches?.found.has(own) ?? true;
    if (!isFound && !matches?.parents.has(own)) continue;
    const shows = isContainer(item) && isOpen(own, item, depth);
    yield { path: own, depth, key, value: item, isOpen: shows };
    const within = isFound && !matches?.parents.has(own) ? null : matches;
    if (isContainer(item) && shows) yield* listTreeRows(item, isOpen, within, own, depth + 1);
  }
}

/** Returns where the pattern is in the keys and values. Positions of lists are not searched. */
export function searchTree(value: Container, pattern: RegExp): Matches {
  const found = new Set<string>();
  const parents = new Set<string>();
  const matches = (text: string) => text.search(pattern) >= 0;
  const visit = (container: Container, path: string): boolean => {
    let isParent = false;
    const isList = isArray(container);
    for (const [key, item] of listEntries(container)) {
      const own = joinPath(path, key);
      const isWithin = isContainer(item) && visit(item, own);
      if (isWithin) parents.add(own);
      const isFound = (!isList && matches(key)) || (!isContainer(item) && matches(String(item)));
      if (isFound) found.add(own);
      isParent = isParent || isWithin || isFound;
    }
    return isParent;
  };
  visit(value, "");
  return { found, parents };
}

/** Returns the first `limit` of them, and whether more follow. */
export function takeRows<Row>(rows: Iterable<Row>, limit: number): { rows: readonly Row[]; isCut: boolean } {
  const taken: Row[] = [];
  for (const row of rows) {
    if (taken.length === limit) return { rows: taken, isCut: true };
    taken.push(row);
  }
  return { rows: taken, isCut: false };
}
