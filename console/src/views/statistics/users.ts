import { ApiError } from "../../api/client";
import type { Statistics, StoredEvent, TrailItem } from "../../api/types";

/** A user's events: what the user did, and what was done on the user's behalf. */
export interface UserCount {
  readonly userId: string;
  readonly count: number;
  /** Null if that is not known. */
  readonly failed: number | null;
  /** Whether the user may have more than `count`. */
  readonly isLeast: boolean;
}

export interface Sample {
  /** Most events first. */
  readonly users: readonly UserCount[];
  /** Events that name no user. */
  readonly nobody: number;
  /** Events that one user did on behalf of another: both have them. */
  readonly onBehalf: number;
}

/** Users of the sample that are counted one by one: each takes a request. */
export const COUNTED = 10;
const AT_ONCE = 3;
/** The API counts no more events of one user. */
export const MAX_EVENTS = 50_000;

/** Returns how many of the events each user has. `isWhole`: there are no others. */
export function countUsers(items: readonly TrailItem[], isWhole: boolean): Sample {
  const counts = new Map<string, { count: number; failed: number }>();
  let nobody = 0;
  let onBehalf = 0;
  for (const item of items) {
    const names = "unreadable" in item ? [] : listUsers(item);
    if (names.length === 0) nobody += 1;
    if (names.length > 1) onBehalf += 1;
    const failure = "unreadable" in item || item.success ? 0 : 1;
    for (const name of names) {
      const { count, failed } = counts.get(name) ?? { count: 0, failed: 0 };
      counts.set(name, { count: count + 1, failed: failed + failure });
    }
  }
  const users = [...counts].map(([userId, { count, failed }]) => ({
    userId,
    count,
    failed: isWhole ? failed : null,
    isLeast: !isWhole,
  }));
  return { users: sort(users), nobody, onBehalf };
}

function listUsers({ userId, onBehalfOf }: StoredEvent): readonly string[] {
  return [...new Set([userId, onBehalfOf?.userId])].filter((name) => name !== undefined);
}

function sort(users: readonly UserCount[]): readonly UserCount[] {
  return users.toSorted((one, other) => other.count - one.count || (one.userId < other.userId ? -1 : 1));
}

export interface Ranking {
  readonly users: readonly UserCount[];
  /** Why users could not be counted; null if all were. */
  readonly error: unknown;
}

/**
 * Asks for the counts of the first users, a few at a time, and returns all users in the order of their counts. A user
 * with too many events for the API has at least `most` of them. After any other error it asks for no more.
 */
export async function countFirst(
  users: readonly UserCount[],
  most: number,
  ask: (userId: string) => Promise<Pick<Statistics, "total" | "failed">>,
): Promise<Ranking> {
  const ranked = [...users];
  const waiting = ranked.slice(0, COUNTED).keys();
  let error: unknown = null;
  const work = async () => {
    for (const at of waiting) {
      if (error !== null) return;
      const user = users[at] as UserCount;
      try {
        const { total, failed } = await ask(user.userId);
        ranked[at] = { userId: user.userId, count: total, failed, isLeast: false };
      } catch (fault) {
        if (fault instanceof ApiError && fault.code === "range_too_large") {
          ranked[at] = { ...user, count: Math.max(user.count, most) };
        } else {
          error ??= fault;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { users: sort(ranked), error };
}
