import { useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { formatNumber } from "../../../format";
import { useConsole } from "../../../state/context";
import { texts } from "../../../texts";
import { drawChart, type Colours } from "./chart";
import type { Bar } from "./series";
import { useBarKeys } from "./use-bar-keys";

interface Props {
  /** The same array as long as the numbers are the same. */
  readonly bars: readonly Bar[];
  /** See `ChartOptions`. */
  readonly timeZone: string | undefined;
  /** Returns when a bar is. */
  readonly describe: (bar: Bar) => string;
  /** The reader chose the time from `fromMs` to `toMs`, both included. */
  readonly onChoose: (fromMs: number, toMs: number) => void;
  readonly onBack: () => void;
  /** The bar to tell the numbers of; several that the keyboard has chosen are merged. Null for none. */
  readonly onShow: (bar: Bar | null) => void;
}

/** Bars over time. A drag, a click, or arrow keys and Enter choose some of them; a double click goes back. */
export function Canvas(props: Props) {
  const { bars, describe } = props;
  const host = useRef<HTMLDivElement>(null);
  const keys = useBarKeys(bars, props);
  const onShow = (bar: Bar | null) => props.onShow(bar ?? keys.chosen);
  const chart = useChart(host, { ...props, onShow });
  const id = useId();
  useEffect(() => {
    if (chart) drawSelection(chart, keys.chosen);
  }, [chart, keys.chosen]);
  const bar = keys.chosen ?? bars.at(-1);
  if (bar === undefined) return <div ref={host} class="toolbar-histogram-canvas" aria-hidden="true" />;
  return (
    <div class="toolbar-histogram-place">
      <div
        class="toolbar-histogram-slider"
        role="slider"
        tabIndex={0}
        aria-label={texts.histogram.slider}
        aria-describedby={id}
        aria-valuemin={1}
        aria-valuemax={bars.length}
        aria-valuenow={keys.position + 1}
        aria-valuetext={texts.histogram.value(describe(bar), formatNumber(bar.successful), formatNumber(bar.failed))}
        onKeyDown={keys.onKeyDown}
        onBlur={keys.onBlur}
      >
        <div ref={host} class="toolbar-histogram-canvas" />
      </div>
      <p id={id} class="toolbar-histogram-keys">
        {texts.histogram.keys}
      </p>
    </div>
  );
}

/** Draws the bars. The drawing follows the width of its place and the colours of the theme. */
function useChart(host: RefObject<HTMLDivElement | null>, props: Props): uPlot | null {
  const { bars, timeZone } = props;
  const [chart, setChart] = useState<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = host.current;
    if (element === null || bars.length === 0) return undefined;
    const show = (index: number | null) => latest.current.onShow(index === null ? null : (bars[index] ?? null));
    const choose = (bar: Bar | undefined) => bar && latest.current.onChoose(bar.startMs, bar.endMs - 1);
    const drawn = drawChart(element, {
      bars,
      timeZone,
      height: element.clientHeight,
      getColours: () => readColours(element),
      onBrush: (from, to) => latest.current.onChoose(from, to),
      onClick: (index) => choose(bars[index]),
      onBack: () => latest.current.onBack(),
      onHover: show,
    });
    setChart(drawn);
    const end = followWidth(element, drawn);
    return () => {
      end();
      drawn.destroy();
      setChart(null);
    };
  }, [bars, timeZone]);
  useThemes(chart);
  return chart;
}

function followWidth(element: HTMLElement, chart: uPlot): () => void {
  const observer = new ResizeObserver(() => {
    chart.setSize({ width: Math.max(element.clientWidth, 1), height: element.clientHeight });
  });
  observer.observe(element);
  return () => observer.disconnect();
}

/** Draws the chart again when the colours change. */
function useThemes(chart: uPlot | null): void {
  const { preferences } = useConsole();
  const latest = useRef(chart);
  latest.current = chart;
  const redraw = () => latest.current?.redraw();
  useSignalEffect(() => {
    void preferences.value.theme;
    requestAnimationFrame(redraw);
  });
  useEffect(() => {
    const query = window.matchMedia("(prefers-color-scheme: dark)");
    query.addEventListener("change", redraw);
    return () => query.removeEventListener("change", redraw);
  }, []);
}

function drawSelection(chart: uPlot, chosen: Bar | null): void {
  const left = chosen ? chart.valToPos(chosen.startMs / 1_000, "x") : 0;
  const right = chosen ? chart.valToPos(chosen.endMs / 1_000, "x") : 0;
  const height = chosen ? chart.over.clientHeight : 0;
  chart.setSelect({ left, top: 0, width: right - left, height }, false);
}

/** Returns the colours that the style sheet gives these properties of the element. */
function readColours(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  return {
    successful: style.color,
    failed: style.outlineColor,
    surface: style.backgroundColor,
    text: style.caretColor,
    line: style.borderTopColor,
  };
}
