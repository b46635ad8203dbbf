import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { TrailItem } from "../../../api/types";
import { getTimeZone } from "../../../parts/instants";
import { useConsole } from "../../../state/context";
import { DEFAULT_RANGE, type Range } from "../../../state/filters";
import { useStateOf } from "../../../state/state-of";
import { texts } from "../../../texts";
import { Canvas } from "./canvas";
import { CountFailure } from "./count-failure";
import { describeBar } from "./labels";
import { BarTable, Legend } from "./legend";
import { makeBars, planRequest, selectOutcome, snapToBars, summarize, type Bar } from "./series";
import { useCounts } from "./statistics-source";
import type { SuggestionStore } from "./suggestions";

interface Props {
  readonly suggestions: SuggestionStore;
  readonly items: ReadonlySignal<readonly TrailItem[]>;
}

/** The number of events over time, from which a range can be chosen. */
export function Histogram(props: Props) {
  const { navigation, preferences } = useConsole();
  const { zone } = preferences.value;
  const { filters, range } = navigation.place.value;
  const { bars, interval, intervals, error, isLoading, reload } = useBars(props);
  const [shown, setShown] = useStateOf<Bar>(bars);
  const zoom = useZoom(range, (next) => navigation.go({ range: next }));
  const isByDay = interval === "day";
  if (error !== null) return <CountFailure error={error} retry={reload} />;
  return (
    <section class="toolbar-histogram" aria-label={texts.histogram.label} aria-busy={isLoading}>
      <Legend
        summary={interval === null ? null : summarize(bars)}
        shown={shown}
        isByDay={isByDay}
        zone={zone}
        intervals={intervals}
        filters={filters}
        onBack={range.kind === "fixed" ? zoom.leave : null}
      />
      <Canvas
        bars={bars}
        timeZone={isByDay ? "UTC" : getTimeZone(zone)}
        describe={(bar) => describeBar(bar, isByDay, zone)}
        onChoose={(fromMs, toMs) => {
          const next = snapToBars(bars, fromMs, toMs);
          if (next) zoom.enter(next);
        }}
        onBack={zoom.leave}
        onShow={setShown}
      />
      <BarTable bars={bars} isByDay={isByDay} zone={zone} />
    </section>
  );
}

/** Counts the events of the place. `interval` is null until the first counts are there. */
function useBars({ suggestions, items }: Props) {
  const { api, navigation } = useConsole();
  const { tenantId, filters, range } = navigation.place.value;
  const newest = useMemo(() => computed(() => items.value[0]?.id ?? null), [items]);
  const request = planRequest(tenantId, filters, range);
  const { value: counts, error, isLoading, reload } = useCounts(api, request, newest, (statistics) =>
    suggestions.remember(tenantId, statistics),
  );
  const series = useMemo(
    () => counts && makeBars(counts.statistics, counts.request.interval, range.kind === "all"),
    [counts],
  );
  const bars = useMemo(
    () => (series ? selectOutcome(series.bars, filters.success) : []),
    [series, filters.success],
  );
  const interval = counts?.request.interval ?? null;
  return { bars, interval, intervals: series?.intervals ?? 1, error, isLoading, reload };
}

/** Enter a range and leave it for the one before, however often. */
function useZoom(range: Range, go: (range: Range) => void) {
  const before = useRef<Range[]>([]);
  return {
    enter(next: Range) {
      if (JSON.stringify(next) === JSON.stringify(range)) return;
      before.current.push(range);
      go(next);
    },
    leave() {
      const last = before.current.pop();
      if (last !== undefined) go(last);
      else if (range.kind === "fixed") go(DEFAULT_RANGE);
    },
  };
}
