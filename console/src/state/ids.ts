const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_LENGTH = 10;

/** Returns the event's time in an id (a ULID), in milliseconds since 1970; NaN if it is not an id. */
export function decodeTime(id: string): number {
  if (id.length < TIME_LENGTH) return NaN;
  let time = 0;
  for (const character of id.slice(0, TIME_LENGTH)) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0) return NaN;
    time = time * DIGITS.length + digit;
  }
  return time;
}

/** Returns where `id` is, or would be, in a list of items with descending ids. */
export function findPosition(items: readonly { readonly id: string }[], id: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.id ?? "") > id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the position of the item with this id in a list with descending ids, or -1. */
export function findIndex(items: readonly { readonly id: string }[], id: string): number {
  const position = findPosition(items, id);
  return items[position]?.id === id ? position : -1;
}
