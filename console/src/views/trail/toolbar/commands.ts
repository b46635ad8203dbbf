import { PRESETS, type FilterName, type Filters, type Range } from "../../../state/filters";

/** Characters that a terminal could obey, or that change how a line reads. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;

/**
 * Returns the text as one word for bash, zsh and the like.
 * A control character is written as an escape ($'…'), so that a paste runs nothing.
 */
export function quoteForShell(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!CONTROL.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = [...text].map((character) => {
    if (character === "\\" || character === "'") return `\\${character}`;
    if (!CONTROL.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    return `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `$'${escaped.join("")}'`;
}

/** Returns the command that requests an address; `needsToken` adds a header with $TOKEN. */
export function makeCurl(address: string, needsToken: boolean): string {
  const header = needsToken ? ' -H "Authorization: $TOKEN"' : "";
  return `curl${header} ${quoteForShell(address)}`;
}

const OPTIONS: Readonly<Record<Exclude<FilterName, "success">, string>> = {
  userId: "--user",
  action: "--action",
  resourceType: "--resource-type",
  resourceId: "--resource-id",
  actorType: "--actor-type",
  requestId: "--request-id",
  sessionId: "--session-id",
  traceId: "--trace-id",
  ipAddress: "--ip-address",
};

/** What a command selects: as in a place. `stack` is absent if the page does not know its name. */
export interface Selection {
  readonly tenantId: string;
  readonly filters: Filters;
  readonly range: Range;
  readonly stack?: string | undefined;
}

/** Returns the `prooftrail query` command that lists the same events. */
export function makeQueryCommand({ tenantId, filters, range, stack }: Selection): string {
  const words: string[] = ["prooftrail", "query"];
  const add = (option: string, value: string) => words.push(`${option}=${quoteForShell(value)}`);
  if (tenantId) add("--tenant", tenantId);
  for (const [name, option] of Object.entries(OPTIONS)) {
    const value = filters[name as FilterName];
    if (value !== undefined) add(option, value);
  }
  if (filters.success !== undefined) words.push(filters.success === "true" ? "--success" : "--failure");
  if (range.kind === "preset") add("--since", `${PRESETS[range.preset]}h`);
  if (range.kind === "fixed") {
    add("--since", range.start);
    add("--until", new Date(Date.parse(range.end) - 1).toISOString());
  }
  words.push("--all");
  if (stack) add("--stack", stack);
  return words.join(" ");
}
