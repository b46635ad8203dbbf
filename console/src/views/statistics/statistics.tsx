import { useState } from "preact/hooks";
import type { Interval, Statistics } from "../../api/types";
import { Failure } from "../../parts/failure";
import { Link } from "../../parts/link";
import { Empty, Loading } from "../../parts/states";
import { formatMinute } from "../../format";
import { getTimeZone } from "../../parts/instants";
import { useConsole } from "../../state/context";
import { useLoad } from "../../state/load";
import { texts } from "../../texts";
import { Breakdown } from "./breakdown";
import { Controls } from "./controls";
import { getCountedPeriod, getPeriod, getStatisticsQuery, listIntervals } from "./period";
import { SeriesSection } from "./series";
import { Totals } from "./totals";
import { Users } from "./users-section";

interface Counted {
  readonly statistics: Statistics;
  readonly interval: Interval;
}

/** How many events there were: in all, over time, and by what they did. */
export function StatisticsView() {
  const { api, navigation } = useConsole();
  const { tenantId, filters, range } = navigation.place.value;
  const [wanted, setWanted] = useState<Interval | null>(null);
  const key = JSON.stringify([tenantId, filters, range, wanted]);
  const { value, error, isLoading, reload } = useLoad<Counted>(key, async (signal) => {
    const period = getPeriod(range, Date.now());
    const possible = listIntervals(period);
    const interval = possible.find((each) => each === wanted) ?? possible[0] ?? "day";
    const query = { ...getStatisticsQuery(tenantId, filters, period), interval };
    return { statistics: await api.getStatistics(query, signal), interval };
  });
  return (
    <div class="statistics" aria-busy={isLoading}>
      <Controls isLoading={isLoading} onReload={reload} />
      {error !== null ? (
        <Failure error={error} retry={reload} />
      ) : value === null ? (
        <Loading />
      ) : (
        <Results {...value} isStale={isLoading} onInterval={setWanted} />
      )}
    </div>
  );
}

interface ResultsProps extends Counted {
  readonly isStale: boolean;
  readonly onInterval: (interval: Interval) => void;
}

function Results({ statistics, interval, isStale, onInterval }: ResultsProps) {
  const { startDate, endDate } = statistics;
  const timeZone = getTimeZone(useConsole().preferences.value.zone);
  return (
    <div class={isStale ? "statistics-results statistics-stale" : "statistics-results"}>
      <p class="statistics-range">
        {texts.statistics.counted(formatMinute(startDate, timeZone), formatMinute(Date.parse(endDate) + 1, timeZone))}
      </p>
      <Totals statistics={statistics} />
      {statistics.total === 0 ? (
        <NothingCounted />
      ) : (
        <>
          <SeriesSection statistics={statistics} interval={interval} onInterval={onInterval} />
          <div class="statistics-breakdowns">
            <Breakdown
              title={texts.statistics.byAction}
              filter="action"
              rows={statistics.actionBreakdown.map(({ action, ...counts }) => ({ name: action, ...counts }))}
              total={statistics.total}
            />
            <Breakdown
              title={texts.statistics.byType}
              filter="resourceType"
              rows={statistics.resourceTypeBreakdown.map(({ resourceType, ...counts }) => ({
                name: resourceType,
                ...counts,
              }))}
              total={statistics.total}
            />
            <Users period={getCountedPeriod(statistics)} total={statistics.total} />
          </div>
        </>
      )}
    </div>
  );
}

function NothingCounted() {
  const { navigation } = useConsole();
  const { filters, range } = navigation.place.value;
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Empty title={texts.statistics.emptyTitle}>
      <p>{texts.statistics.emptyAdvice}</p>
      <p class="statistics-empty-links">
        {isFiltered && <Link to={{ filters: {} }}>{texts.statistics.withoutFilters}</Link>}
        {range.kind !== "all" && <Link to={{ range: { kind: "all" } }}>{texts.statistics.allTime}</Link>}
      </p>
    </Empty>
  );
}
