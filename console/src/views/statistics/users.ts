import type { TrailItem } from "../../api/types";

export interface UserCount {
  readonly userId: string;
  readonly count: number;
}

/** Returns how many of the events each user did, most first; events without a user are in `nobody`. */
export function countUsers(items: readonly TrailItem[]): { users: readonly UserCount[]; nobody: number } {
  const counts = new Map<string, number>();
  let nobody = 0;
  for (const item of items) {
    if ("unreadable" in item || item.userId === undefined) nobody += 1;
    else counts.set(item.userId, (counts.get(item.userId) ?? 0) + 1);
  }
  const users = [...counts].map(([userId, count]) => ({ userId, count }));
  users.sort((one, other) => other.count - one.count || (one.userId < other.userId ? -1 : 1));
  return { users, nobody };
}
