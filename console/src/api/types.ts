import type { components } from "./schema";

type Schemas = components["schemas"];

export type StoredEvent = Schemas["StoredEvent"];
export type UnreadableEvent = Schemas["UnreadableEvent"];
export type TrailItem = StoredEvent | UnreadableEvent;
export type EventPage = Schemas["EventPage"];
export type Statistics = Schemas["Statistics"];
/** The length of an interval in a series of the statistics. */
export type Interval = "hour" | "day";
/** The name of all that a breakdown of the statistics does not name. */
export const OTHER = "(other)";
export type Metrics = Schemas["Metrics"];
export type Log = Schemas["Log"];
export type Consistency = Schemas["Consistency"];
export type Bundle = Schemas["Bundle"];
