import type { StoredEvent } from "../api/types";

/** What the API puts in place of personal data, unless it shows a part of it: an address becomes its network. */
export const MASK = "[personal]";

/** Which values of an event are masked. */
export interface Masks {
  /** How many, or how many fields if the API does not list their values. */
  readonly count: number;
  /** Returns whether the value at a JSON Pointer is masked. */
  has(pointer: string, value: unknown): boolean;
  /** Returns whether something in a top-level field is masked. */
  isIn(field: string): boolean;
}

export function readMasks({ masked = [] }: Pick<StoredEvent, "masked">): Masks {
  const pointers = new Set(masked);
  const fields = new Set(masked.map(getField));
  return {
    count: pointers.size,
    has: (pointer, value) => pointers.has(pointer) || (value === MASK && pointers.has(getField(pointer))),
    isIn: (field) => fields.has(`/${field}`),
  };
}

/** Returns the pointer to the top-level field that a pointer leads into. */
function getField(pointer: string): string {
  return `/${pointer.split("/")[1] ?? ""}`;
}
