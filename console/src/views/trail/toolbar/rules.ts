import { STATISTICS_FILTERS, type FilterName, type Filters } from "../../../state/filters";

/** Why a value is not valid: the name of a text in `texts.filters.problems`. */
export type Problem = "empty" | "tooLong" | "name" | "action" | "outcome" | "trace" | "address";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/;
const TRACE = /^(?!0{32}$)[0-9A-Fa-f]{32}$/;
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}\*$/;
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}(?::[0-9]{0,5})?$`);
const MAX_ID_LENGTH = 256;
const MAX_ADDRESS_LENGTH = 64;

/** Returns what the API would refuse in this value, by the rules of docs/openapi.json; null if nothing. */
export function findProblem(name: FilterName, value: string): Problem | null {
  if (value === "") return "empty";
  switch (name) {
    case "action":
      return NAME.test(value) || PREFIX.test(value) ? null : "action";
    case "resourceType":
    case "actorType":
      return NAME.test(value) ? null : "name";
    case "success":
      return value === "true" || value === "false" ? null : "outcome";
    case "traceId":
      return TRACE.test(value) ? null : "trace";
    case "ipAddress":
      return isAddress(value) ? null : "address";
    default:
      return [...value].length <= MAX_ID_LENGTH ? null : "tooLong";
  }
}

/** An IPv4 or IPv6 address with spaces around it, a port, a zone or brackets, as the API takes it. */
function isAddress(value: string): boolean {
  if (value.length > MAX_ADDRESS_LENGTH) return false;
  const text = value.replace(/^ +| +$/g, "");
  if (IPV4.test(text)) return true;
  const inside = /^\[([^\]]*)\](?::[0-9]{0,5})?$/.exec(text)?.[1] ?? text;
  const address = inside.replace(/%[\s\S]*$/, "");
  if (IPV4.test(address)) return !address.includes(":");
  return /^[0-9A-Fa-f:.]+$/.test(address) && URL.canParse(`http://[${address}]/`);
}

/** Returns the filters that the statistics do not know. The outcome is not among them: it chooses a series. */
export function listIgnored(filters: Filters): FilterName[] {
  const followed: readonly FilterName[] = [...STATISTICS_FILTERS, "success"];
  return (Object.keys(filters) as FilterName[]).filter((name) => !followed.includes(name));
}

/**
 * Returns whether the API reads every event of the range to find those that match: no index covers
 * any of these filters, but some of them leave events out.
 */
export function readsWholeRange(filters: Filters): boolean {
  const { userId, action, resourceType, resourceId, success, ...others } = filters;
  const isIndexed =
    userId !== undefined ||
    (resourceType !== undefined && resourceId !== undefined) ||
    (action !== undefined && !action.endsWith("*")) ||
    success === "false";
  const selects = [action, resourceType, resourceId, ...Object.values(others)];
  return !isIndexed && selects.some((value) => value !== undefined);
}
