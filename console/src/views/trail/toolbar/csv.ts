import type { TrailItem } from "../../../api/types";
import { canonicalize } from "../../../canonical";

/**
 * CSV as `prooftrail export` writes it (prooftrail/export/csv.py): the same columns, the same guard
 * against formulas. `position` is empty, because the API does not tell it.
 */
export const COLUMNS = [
  "position",
  "id",
  "digest",
  "receivedAt",
  "submittedBy",
  "eventId",
  "timestamp",
  "tenantId",
  "userId",
  "username",
  "action",
  "resourceType",
  "resourceId",
  "success",
  "ipAddress",
  "userAgent",
  "sessionId",
  "requestId",
  "errorMessage",
  "details",
  "metadata",
  "changes",
  "actorType",
  "traceId",
  "onBehalfOf",
  "targets",
] as const;

const MARK = "'";
const TRIGGERS = ["=", "+", "-", "@"];
const INVISIBLE = /^[\p{C}\p{Z}]$/u;

/** Returns the text as a cell can hold it: marked by an apostrophe if a spreadsheet could execute it. */
export function guardFormula(text: string): string {
  return couldBeFormula(text) ? MARK + text : text;
}

function couldBeFormula(text: string): boolean {
  if (/^['\t\r\n]/.test(text)) return true;
  for (const character of text) {
    if (INVISIBLE.test(character)) continue;
    return [...character.normalize("NFKC")].some((each) => TRIGGERS.includes(each));
  }
  return false;
}

function encodeCell(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? canonicalize(value) : String(value);
  return `"${guardFormula(text).replaceAll('"', '""')}"`;
}

const encodeRow = (cells: readonly unknown[]) => `${cells.map(encodeCell).join(",")}\r\n`;

/** The first record: the columns' names. */
export const HEADER = encodeRow(COLUMNS);

/** Returns the record of an event. An absent value is an empty cell, an empty text two quotes. */
export function encodeRecord(item: TrailItem): string {
  const fields = item as Readonly<Record<string, unknown>>;
  return encodeRow(COLUMNS.map((name) => (name === "position" ? undefined : fields[name])));
}
