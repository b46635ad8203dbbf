import { signal, type ReadonlySignal } from "@preact/signals";
import { DEFAULT_RANGE, FILTER_NAMES, PRESETS, type FilterName, type Filters, type Preset, type Range } from "./filters";

export const VIEW_NAMES = ["trail", "statistics", "health"] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

const MAX_TIME_MS = 253_402_300_799_999;

/** What is shown. All of it is in the URL, so that a view can be kept, sent and gone back to. */
export interface Place {
  readonly view: ViewName;
  /** Empty: the caller's own tenant, or `default`. */
  readonly tenantId: string;
  readonly filters: Filters;
  readonly range: Range;
  /** The id of the event that is open, or null. */
  readonly eventId: string | null;
}

export const START: Place = {
  view: "trail",
  tenantId: "",
  filters: {},
  range: DEFAULT_RANGE,
  eventId: null,
};

export interface Navigation {
  readonly place: ReadonlySignal<Place>;
  /** Whether `href` leads to the place from elsewhere, so that it can be sent. */
  readonly isInUrl: boolean;
  /** Show this; `replace` leaves no step behind for Back. */
  go(change: Partial<Place>, options?: { replace?: boolean }): void;
  /** The address that shows this. */
  href(change: Partial<Place>): string;
}

/** Returns a place as a query string, without what is as it is at the start. */
export function encodePlace(place: Place): string {
  const query = new URLSearchParams();
  if (place.view !== START.view) query.set("view", place.view);
  if (place.tenantId) query.set("tenantId", place.tenantId);
  for (const name of FILTER_NAMES) {
    const value = place.filters[name];
    if (value !== undefined) query.set(name, value);
  }
  const { range } = place;
  if (range.kind === "all") query.set("range", "all");
  if (range.kind === "fixed") {
    query.set("startDate", range.start);
    query.set("endDate", range.end);
  }
  if (range.kind === "preset" && JSON.stringify(range) !== JSON.stringify(START.range)) {
    query.set("range", range.preset);
  }
  if (place.eventId !== null) query.set("event", place.eventId);
  const text = query.toString();
  return text && `?${text}`;
}

/** Returns the place in a query string. What is not valid is as at the start. */
export function decodePlace(search: string): Place {
  const query = new URLSearchParams(search);
  const view = VIEW_NAMES.find((name) => name === query.get("view")) ?? START.view;
  const filters: Partial<Record<FilterName, string>> = {};
  for (const name of FILTER_NAMES) {
    const value = query.get(name);
    if (value) filters[name] = value;
  }
  return {
    view,
    tenantId: query.get("tenantId") ?? "",
    filters,
    range: decodeRange(query),
    eventId: query.get("event") || null,
  };
}

function decodeRange(query: URLSearchParams): Range {
  const start = query.get("startDate");
  const end = query.get("endDate");
  if (start && end && isInstant(start) && isInstant(end)) {
    return { kind: "fixed", start, end };
  }
  const name = query.get("range");
  if (name === "all") return { kind: "all" };
  if (name !== null && Object.hasOwn(PRESETS, name)) return { kind: "preset", preset: name as Preset };
  return DEFAULT_RANGE;
}

/** Returns whether a text is an instant that the API can have: from 1970 to the year 9999. */
function isInstant(text: string): boolean {
  const time = Date.parse(text);
  return time > 0 && time <= MAX_TIME_MS;
}

/** Returns the navigation of a page: its place is the page's URL. */
export function makePageNavigation(window: Window): Navigation {
  const place = signal(decodePlace(window.location.search));
  window.addEventListener("popstate", () => {
    place.value = decodePlace(window.location.search);
  });
  const href = (change: Partial<Place>) =>
    window.location.pathname + encodePlace({ ...place.value, ...change });
  return {
    place,
    isInUrl: true,
    href,
    go(change, { replace = false } = {}) {
      const address = href(change);
      if (replace) window.history.replaceState(null, "", address);
      else window.history.pushState(null, "", address);
      place.value = { ...place.value, ...change };
    },
  };
}

/** Returns a navigation that leaves the URL alone: for a part of somebody else's page. */
export function makeOwnNavigation(start: Partial<Place> = {}): Navigation {
  const place = signal<Place>({ ...START, ...start });
  return {
    place,
    isInUrl: false,
    href: (change) => encodePlace({ ...place.value, ...change }) || "?",
    go(change) {
      place.value = { ...place.value, ...change };
    },
  };
}
