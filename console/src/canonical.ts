/**
 * Returns the RFC 8785 form of a JSON value: keys in the order of UTF-16 units, numbers and texts as ECMAScript does.
 * A number that is too large for it, such as 1e999, becomes `Infinity`, which equals no JSON value.
 */
export function canonicalize(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(",")}]`;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalize(item)}`).join(",")}}`;
}
