import { useEffect, useState } from "preact/hooks";
import { formatNumber } from "../../format";
import { getTimeZone } from "../../parts/instants";
import { useConsole } from "../../state/context";
import { DEFAULT_RANGE } from "../../state/filters";
import { texts } from "../../texts";
import { Canvas } from "../trail/toolbar/canvas";
import { snapToBars, summarize, type Bar } from "../trail/toolbar/series";

const words = texts.statistics;

interface Props {
  /** The same array as long as the numbers are the same. */
  readonly bars: readonly Bar[];
  /** Days are days in UTC. */
  readonly isByDay: boolean;
  readonly formatStart: (ms: number) => string;
}

/** Bars over time, as the trail's histogram has them: a drag over them chooses a range, a click a bar. */
export function Chart({ bars, isByDay, formatStart }: Props) {
  const { navigation, preferences } = useConsole();
  const [hovered, setHovered] = useState<number | null>(null);
  useEffect(() => setHovered(null), [bars]);
  const brush = (fromMs: number, toMs: number) => {
    const range = snapToBars(bars, fromMs, toMs);
    if (range) navigation.go({ range });
  };
  const bar = hovered === null ? undefined : bars[hovered];
  return (
    <figure class="chart">
      <div role="img" aria-label={describe(bars, formatStart)}>
        <Canvas
          bars={bars}
          timeZone={isByDay ? "UTC" : getTimeZone(preferences.value.zone)}
          onBrush={brush}
          onClick={(index) => {
            const clicked = bars[index];
            if (clicked) brush(clicked.startMs, clicked.endMs - 1);
          }}
          onBack={() => navigation.go({ range: DEFAULT_RANGE })}
          onHover={setHovered}
        />
      </div>
      <figcaption class="chart-legend">
        <Key kind="successful" label={words.succeeded} count={bar?.successful} />
        <Key kind="failed" label={words.failedAtBase} count={bar?.failed} />
        <span class="chart-hint">{bar ? formatStart(bar.startMs) : words.brush}</span>
      </figcaption>
    </figure>
  );
}

interface KeyProps {
  readonly kind: "successful" | "failed";
  readonly label: string;
  readonly count: number | undefined;
}

function Key({ kind, label, count }: KeyProps) {
  return (
    <span class={`chart-key toolbar-histogram-key toolbar-histogram-key-${kind}`}>
      {label}
      {count !== undefined && `: ${formatNumber(count)}`}
    </span>
  );
}

function describe(bars: readonly Bar[], formatStart: (ms: number) => string): string {
  const { busiest } = summarize(bars);
  if (busiest === null) return words.series;
  return words.chartLabel(formatStart(busiest.startMs), formatNumber(busiest.successful + busiest.failed));
}
