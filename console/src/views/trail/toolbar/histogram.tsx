import { computed, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TrailItem } from "../../../api/types";
import { getTimeZone } from "../../../parts/instants";
import { useConsole } from "../../../state/context";
import { DEFAULT_RANGE, type Range } from "../../../state/filters";
import { texts } from "../../../texts";
import { Canvas } from "./canvas";
import { BarTable, Legend } from "./legend";
import { makeBars, planRequest, selectOutcome, snapToBars, summarize } from "./series";
import { useCounts } from "./statistics-source";
import type { SuggestionStore } from "./suggestions";
import { CountFailure } from "./count-failure";

interface Props {
  readonly suggestions: SuggestionStore;
  readonly items: ReadonlySignal<readonly TrailItem[]>;
}

/** The number of events over time. Dragging over it, or a click on a bar, chooses a range. */
export function Histogram({ suggestions, items }: Props) {
  const { api, navigation, preferences } = useConsole();
  const { zone } = preferences.value;
  const { tenantId, filters, range } = navigation.place.value;
  const newest = useMemo(() => computed(() => items.value[0]?.id ?? null), [items]);
  const planned = planRequest(tenantId, filters, range);
  const { value: counts, error, isLoading, reload } = useCounts(api, planned, newest, (statistics) =>
    suggestions.remember(tenantId, statistics),
  );
  const [hovered, setHovered] = useState<number | null>(null);
  const zoom = useZoom(range, (next) => navigation.go({ range: next }));
  const series = useMemo(
    () => counts && makeBars(counts.statistics, counts.request.interval, range.kind === "all"),
    [counts],
  );
  const bars = useMemo(
    () => (series ? selectOutcome(series.bars, filters.success) : []),
    [series, filters.success],
  );
  useEffect(() => setHovered(null), [bars]);
  const isByDay = counts?.request.interval === "day";
  const brush = (fromMs: number, toMs: number) => {
    const next = snapToBars(bars, fromMs, toMs);
    if (next) zoom.enter(next);
  };
  if (error !== null) return <CountFailure error={error} retry={reload} />;
  return (
    <section class="toolbar-histogram" aria-label={texts.histogram.label} aria-busy={isLoading}>
      <Legend
        summary={series && summarize(bars)}
        hovered={hovered === null ? null : (bars[hovered] ?? null)}
        isByDay={isByDay}
        zone={zone}
        intervals={series?.intervals ?? 1}
        filters={filters}
        onBack={range.kind === "fixed" ? zoom.leave : null}
      />
      <Canvas
        bars={bars}
        timeZone={isByDay ? "UTC" : getTimeZone(zone)}
        onBrush={brush}
        onClick={(index) => {
          const bar = bars[index];
          if (bar) brush(bar.startMs, bar.endMs - 1);
        }}
        onBack={zoom.leave}
        onHover={setHovered}
      />
      <BarTable bars={bars} isByDay={isByDay} zone={zone} />
    </section>
  );
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
