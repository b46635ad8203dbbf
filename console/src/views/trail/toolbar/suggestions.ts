import { signal } from "@preact/signals";
import { OTHER, type Statistics, type TrailItem } from "../../../api/types";
import type { FilterName } from "../../../state/filters";

const MAX_SUGGESTIONS = 500;
/** The types that docs/event.md names; a producer may have others. */
const ACTOR_TYPES = ["user", "service", "apiKey", "system", "agent"];

type Suggestions = Readonly<Partial<Record<FilterName, readonly string[]>>>;
const START: Suggestions = { actorType: ACTOR_TYPES };

/** Values that a reader may want, by filter: those that statistics and events of the tenant had. */
export function makeSuggestions() {
  const known = signal<Suggestions>(START);
  let tenant = "";
  return {
    known,
    /** Remember the names in statistics. Another tenant's are forgotten. */
    remember(tenantId: string, statistics: Statistics) {
      const before: Suggestions = tenant === tenantId ? known.peek() : START;
      tenant = tenantId;
      const actions = statistics.actionBreakdown.map(({ action }) => action);
      const types = statistics.resourceTypeBreakdown.map(({ resourceType }) => resourceType);
      known.value = {
        ...before,
        action: merge(before.action, [...actions, ...listPrefixes(actions)]),
        resourceType: merge(before.resourceType, types),
      };
    },
    /** Remember who and what acted in events of the tenant. */
    see(items: readonly TrailItem[]) {
      const events = items.flatMap((item) => ("unreadable" in item ? [] : [item]));
      const { userId, actorType } = known.peek();
      known.value = {
        ...known.peek(),
        userId: merge(userId, list(events.map((event) => event.userId))),
        actorType: merge(actorType, list(events.map((event) => event.actorType))),
      };
    },
    /** Remember a value that the reader filtered by. */
    use(name: FilterName, value: string) {
      known.value = { ...known.peek(), [name]: merge([value], known.peek()[name] ?? []) };
    },
  };
}

export type SuggestionStore = ReturnType<typeof makeSuggestions>;

/** Returns `user.*` for several actions that begin with `user.`. */
export function listPrefixes(actions: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const action of actions) {
    const prefix = /^[^.:/]+[.:/]/.exec(action)?.[0];
    if (prefix) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([prefix]) => `${prefix}*`);
}

const list = (values: readonly (string | undefined)[]) => values.filter((value) => value !== undefined);

function merge(before: readonly string[] = [], more: readonly string[]): string[] {
  const values = [...new Set([...before, ...more])].filter((value) => value !== OTHER);
  return values.slice(0, MAX_SUGGESTIONS);
}
