import type { components } from "./schema";

type Schemas = components["schemas"];

export type StoredEvent = Schemas["StoredEvent"];
export type UnreadableEvent = Schemas["UnreadableEvent"];
export type TrailItem = StoredEvent | UnreadableEvent;
export type EventPage = Schemas["EventPage"];
export type Statistics = Schemas["Statistics"];
export type Metrics = Schemas["Metrics"];
export type Log = Schemas["Log"];
export type Bundle = Schemas["Bundle"];
