import { useId, useState } from "preact/hooks";
import { formatNumber } from "../../format";
import { Failure } from "../../parts/failure";
import { Link } from "../../parts/link";
import { Loading } from "../../parts/states";
import { useConsole } from "../../state/context";
import { useLoad } from "../../state/load";
import { texts } from "../../texts";
import { Breakdown } from "./breakdown";
import { getStatisticsQuery, splitFilters, type Period } from "./period";
import { countUsers } from "./users";

const words = texts.statistics;
/** Events that are read to see who is active: the statistics do not count by user. */
const SAMPLE = 200;

/** Who is active: the users of the latest events, or the one user whose events are counted. */
export function Users({ period }: { period: Period }) {
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
  return <LatestUsers period={period} />;
}

function LatestUsers({ period }: { period: Period }) {
  const { api, navigation } = useConsole();
  const { tenantId, filters } = navigation.place.value;
  const query = { ...getStatisticsQuery(tenantId, splitFilters(filters).known, period), limit: SAMPLE };
  const { value, error, reload } = useLoad(JSON.stringify(query), async (signal) => {
    const { items } = await api.listEvents(query, signal);
    return { ...countUsers(items), sampled: items.length };
  });
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
      <Breakdown
        title={words.byUser}
        filter="userId"
        rows={value.users.map(({ userId, count }) => ({ name: userId, count }))}
        total={value.sampled}
        note={words.sample(formatNumber(value.sampled), value.nobody && formatNumber(value.nobody))}
      />
      <UserForm />
    </div>
  );
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
