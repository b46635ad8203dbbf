import { useId, useState } from "preact/hooks";
import type { Query } from "../../api/client";
import { formatNumber } from "../../format";
import { Failure } from "../../parts/failure";
import { Link } from "../../parts/link";
import { Loading } from "../../parts/states";
import { useConsole } from "../../state/context";
import { useLoad } from "../../state/load";
import { texts } from "../../texts";
import { Breakdown } from "./breakdown";
import { getStatisticsQuery, splitFilters, type Period } from "./period";
import { COUNTED, countFirst, countUsers, MAX_EVENTS, type Sample } from "./users";

const words = texts.statistics;
/** Events that are read to see who is active, about 350 KB: the ledger does not count by user. */
const SAMPLE = 500;

interface Props {
  readonly period: Period;
  /** Events of the period. */
  readonly total: number;
}

/** Who is active: the users of the latest events, or the one user whose events are counted. */
export function Users({ period, total }: Props) {
  const { navigation } = useConsole();
  const { filters } = navigation.place.value;
  if (filters.userId !== undefined) {
    const { userId: _, ...others } = filters;
    return (
      <section class="breakdown">
        <h2 class="breakdown-title">{words.byUser}</h2>
        <p class="breakdown-note">{words.oneUser}</p>
        <p>
          <Link to={{ filters: others }}>{words.everyUser}</Link>
        </p>
      </section>
    );
  }
  return <RankedUsers period={period} total={total} />;
}

function RankedUsers({ period, total }: Props) {
  const { api, navigation } = useConsole();
  const { tenantId, filters } = navigation.place.value;
  const query = getStatisticsQuery(tenantId, splitFilters(filters).known, period);
  const sample = useLoad(JSON.stringify(query), async (signal) => {
    const { items, nextCursor } = await api.listEvents({ ...query, limit: SAMPLE }, signal);
    const isWhole = nextCursor === null;
    return { ...countUsers(items, isWhole), sampled: items.length, isWhole };
  });
  const { value, error, reload } = sample;
  if (value === null || error !== null) {
    return (
      <section class="breakdown">
        <h2 class="breakdown-title">{words.byUser}</h2>
        {error === null ? <Loading /> : <Failure error={error} retry={reload} />}
      </section>
    );
  }
  return (
    <div>
      <Ranking query={query} total={value.isWhole ? value.sampled : total} {...value} />
      <UserForm />
    </div>
  );
}

interface RankingProps extends Sample {
  readonly query: Query;
  /** Events of the period. */
  readonly total: number;
  /** Events of the sample. */
  readonly sampled: number;
  /** Whether the sample has every event of the period. */
  readonly isWhole: boolean;
}

/** The users of the sample. If there are more events than these, the first users are counted over the whole period. */
function Ranking({ query, total, sampled, isWhole, ...sample }: RankingProps) {
  const { api } = useConsole();
  const hasFilters = query.action !== undefined || query.resourceType !== undefined;
  const key = JSON.stringify([query, sample.users]);
  const { value, reload } = useLoad(key, async (signal) => {
    if (isWhole) return null;
    const ask = (userId: string) => api.getStatistics({ ...query, userId }, signal);
    return { key, ...(await countFirst(sample.users, hasFilters ? 0 : MAX_EVENTS, ask)) };
  });
  const counted = value?.key === key ? value : null;
  const users = counted?.users ?? sample.users;
  const known = { sampled, total, isWhole, isCounting: !isWhole && counted === null };
  return (
    <Breakdown
      title={words.byUser}
      filter="userId"
      rows={users.map(({ userId, failed, ...others }) => ({ name: userId, ...others, ...(failed && { failed }) }))}
      total={Math.max(total, 1)}
      isPartial={!isWhole}
      note={describe({ ...sample, ...known })}
      error={counted?.error ?? null}
      onRetry={reload}
    />
  );
}

interface Known extends Sample {
  readonly sampled: number;
  readonly total: number;
  readonly isWhole: boolean;
  readonly isCounting: boolean;
}

/** Returns which events the numbers count, and which users are missing. */
function describe({ users, nobody, onBehalf, sampled, total, isWhole, isCounting }: Known): string {
  const first = formatNumber(Math.min(users.length, COUNTED));
  const sentences = isWhole
    ? [words.everyEvent]
    : [words.sample(formatNumber(sampled), formatNumber(total)), isCounting ? words.counting : words.countedFirst(first)];
  if (onBehalf > 0) sentences.push(words.onBehalf);
  if (nobody > 0) sentences.push(words.nobody(formatNumber(nobody), isWhole));
  return sentences.join(" ");
}

/** Counts the events of one user, of whom the API knows the statistics. */
function UserForm() {
  const { navigation } = useConsole();
  const [userId, setUserId] = useState("");
  const id = useId();
  return (
    <form
      class="statistics-user"
      onSubmit={(event) => {
        event.preventDefault();
        const { filters } = navigation.place.value;
        if (userId.trim()) navigation.go({ filters: { ...filters, userId: userId.trim() } });
      }}
    >
      <label for={id}>{words.countUser}</label>
      <input
        id={id}
        class="field"
        value={userId}
        maxLength={256}
        autocomplete="off"
        spellcheck={false}
        placeholder={words.userPlaceholder}
        onInput={(event) => setUserId(event.currentTarget.value)}
      />
      <button type="submit" class="button">
        {words.count}
      </button>
    </form>
  );
}
