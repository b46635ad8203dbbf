import { formatNumber } from "../../format";
import { getTimeZone } from "../../parts/instants";
import { useConsole } from "../../state/context";
import { DEFAULT_RANGE } from "../../state/filters";
import { useStateOf } from "../../state/state-of";
import { texts } from "../../texts";
import { Canvas } from "../trail/toolbar/canvas";
import { describeBar } from "../trail/toolbar/labels";
import { snapToBars, summarize, type Bar } from "../trail/toolbar/series";

const words = texts.statistics;

interface Props {
  /** The same array as long as the numbers are the same. */
  readonly bars: readonly Bar[];
  /** Days are days in UTC. */
  readonly isByDay: boolean;
  readonly formatStart: (ms: number) => string;
}

/** Bars over time, as the trail's histogram has them. */
export function Chart({ bars, isByDay, formatStart }: Props) {
  const { navigation, preferences } = useConsole();
  const { zone } = preferences.value;
  const [bar, setBar] = useStateOf<Bar>(bars);
  return (
    <figure class="chart" aria-label={describe(bars, formatStart)}>
      <Canvas
        bars={bars}
        timeZone={isByDay ? "UTC" : getTimeZone(zone)}
        describe={(each) => describeBar(each, isByDay, zone)}
        onChoose={(fromMs, toMs) => {
          const range = snapToBars(bars, fromMs, toMs);
          if (range) navigation.go({ range });
        }}
        onBack={() => navigation.go({ range: DEFAULT_RANGE })}
        onShow={setBar}
      />
      <figcaption class="chart-legend">
        <Key kind="successful" label={words.succeeded} count={bar?.successful} />
        <Key kind="failed" label={words.failedAtBase} count={bar?.failed} />
        <span class="chart-hint">{bar ? describeBar(bar, isByDay, zone) : words.brush}</span>
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
