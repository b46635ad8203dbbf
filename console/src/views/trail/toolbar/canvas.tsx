import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { useConsole } from "../../../state/context";
import { drawChart, type ChartOptions, type Colours } from "./chart";

type Props = Omit<ChartOptions, "height" | "getColours">;

/** The drawing. It follows the width of its place and the colours of the theme. */
export function Canvas(props: Props) {
  const { preferences } = useConsole();
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const handlers = useRef(props);
  handlers.current = props;
  useEffect(() => {
    const element = host.current;
    if (element === null || props.bars.length === 0) return undefined;
    const drawn = drawChart(element, {
      bars: props.bars,
      timeZone: props.timeZone,
      height: element.clientHeight,
      getColours: () => readColours(element),
      onBrush: (from, to) => handlers.current.onBrush(from, to),
      onClick: (index) => handlers.current.onClick(index),
      onBack: () => handlers.current.onBack(),
      onHover: (index) => handlers.current.onHover(index),
    });
    chart.current = drawn;
    const observer = new ResizeObserver(() => {
      drawn.setSize({ width: Math.max(element.clientWidth, 1), height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      chart.current = null;
    };
  }, [props.bars, props.timeZone]);
  useSignalEffect(() => {
    void preferences.value.theme;
    requestAnimationFrame(() => chart.current?.redraw());
  });
  useEffect(() => {
    const query = window.matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => chart.current?.redraw();
    query.addEventListener("change", redraw);
    return () => query.removeEventListener("change", redraw);
  }, []);
  return <div ref={host} class="toolbar-histogram-canvas" aria-hidden="true" />;
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
