import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { FILTER_NAMES, type FilterName, type Filters } from "../../src/state/filters";
import { findProblem, listIgnored, readsWholeRange } from "../../src/views/trail/toolbar/rules";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const VALUES: Readonly<Record<FilterName, readonly string[]>> = {
  userId: ["u", " ", "ü".repeat(256), "😀".repeat(256), "😀".repeat(257), "a".repeat(257)],
  action: ["user.*", "user.login", "*", "a*", "a**", "a*b", "-a", "é", "a b", `${"a".repeat(127)}*`, `${"a".repeat(128)}*`],
  resourceType: ["order", "a/b:c_d-e", "order*", "", ".a", "a".repeat(128), "a".repeat(129)],
  resourceId: ["4711", "a\nb", "x".repeat(257)],
  success: ["true", "false", "True", "1", ""],
  requestId: ["r-1", ""],
  actorType: ["user", "apiKey", "a/b:c", "user*", "a b", "é", "a".repeat(129), ""],
  sessionId: ["s-1", ""],
  traceId: [TRACE, TRACE.toUpperCase(), "0".repeat(32), `${TRACE}0`, TRACE.slice(1), `g${TRACE.slice(1)}`, ` ${TRACE}`, ""],
  ipAddress: [
    ...["203.0.113.9", " 203.0.113.9 ", "203.0.113.9:443", "203.0.113.9:", "203.0.113.09", "256.1.1.1", "1.2.3"],
    ...["2001:db8::1", "[2001:db8::1]:443", "[2001:db8::1]", "fe80::1%eth0", "::", "::ffff:203.0.113.9", "1::2::3"],
    ...["[203.0.113.9]", "203.0.113.9%1", "12345::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "host", "[::1", "::1]", ""],
    ...["\t::1", "::1 ", "[::1] ", "[::1]:x", "[::1]:123456", "1::2:3:4:5:6:7", "1:2:3:4:5:6:7::", "[1.2.3.4]:1"],
  ],
};

interface Schema {
  readonly $ref?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly not?: { readonly const: string };
}

/** The rules of the API, from its description. */
const openapi = JSON.parse(readFileSync("../docs/openapi.json", "utf8")) as {
  paths: Record<string, { get: { parameters: { name: string; schema: Schema }[] } }>;
  components: { schemas: Record<string, Schema> };
};

function isAccepted(name: FilterName, value: string): boolean {
  const parameter = openapi.paths["/audit-logs"]?.get.parameters.find((each) => each.name === name);
  const found = parameter?.schema ?? {};
  const schema = openapi.components.schemas[found.$ref?.split("/").at(-1) ?? ""] ?? found;
  const length = [...value].length;
  return (
    value !== "" && // an empty parameter is refused
    length >= (schema.minLength ?? 0) &&
    length <= (schema.maxLength ?? Infinity) &&
    (schema.enum?.includes(value) ?? true) &&
    schema.not?.const !== value &&
    (schema.pattern === undefined || new RegExp(schema.pattern, "u").test(value))
  );
}

const CASES = FILTER_NAMES.flatMap((name) => VALUES[name].map((value) => [name, value] as const));

describe("the value of a filter", () => {
  it.each(CASES)("%s: %j is judged as the API judges it", (name, value) => {
    expect(findProblem(name, value) === null).toBe(isAccepted(name, value));
  });
});

describe("combinations of filters", () => {
  it.each<[Filters, boolean]>([
    [{}, false],
    [{ userId: "u", sessionId: "s" }, false],
    [{ action: "a.b", ipAddress: "::1" }, false],
    [{ action: "a.*" }, true],
    [{ resourceType: "order" }, true],
    [{ resourceId: "1" }, true],
    [{ resourceType: "order", resourceId: "1", requestId: "r" }, false],
    [{ success: "true" }, false],
    [{ success: "false", sessionId: "s" }, false],
    [{ success: "true", sessionId: "s" }, true],
    [{ traceId: TRACE }, true],
    [{ actorType: "agent" }, true],
    [{ userId: "u", actorType: "agent" }, false],
  ])("%j reads the whole range: %s", (filters, expected) => {
    expect(readsWholeRange(filters)).toBe(expected);
  });

  it("names what the histogram ignores", () => {
    const all = Object.fromEntries(FILTER_NAMES.map((name) => [name, "x"]));
    expect(listIgnored(all)).toEqual([
      ...["resourceId", "actorType", "requestId", "sessionId", "traceId", "ipAddress"],
    ]);
  });
});
