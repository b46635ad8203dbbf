/** What JSON can hold. Objects come from `JSON.parse`, so that `__proto__` is a key as any other. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}
export type Container = readonly Json[] | JsonObject;

export function isContainer(value: Json | undefined): value is Container {
  return typeof value === "object" && value !== null;
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Returns the keys, or positions, and values. */
export function listEntries(value: Container): readonly (readonly [string, Json])[] {
  return isArray(value) ? value.map((item, index) => [String(index), item] as const) : Object.entries(value);
}

export function getSize(value: Container): number {
  return isArray(value) ? value.length : Object.keys(value).length;
}

/** Returns the JSON Pointer of a key below a path. */
export function joinPath(path: string, key: string): string {
  return `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Returns whether two values have the same canonical form. */
export function isSame(one: Json, other: Json): boolean {
  if (!isContainer(one) || !isContainer(other)) return one === other;
  if (isArray(one) !== isArray(other) || getSize(one) !== getSize(other)) return false;
  const others = new Map(listEntries(other));
  return listEntries(one).every(([key, value]) => {
    const found = others.get(key);
    return found !== undefined && isSame(value, found);
  });
}
