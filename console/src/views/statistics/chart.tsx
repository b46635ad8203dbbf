import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatCompact, formatNumber, LOCALE } from "../../format";
import { useConsole } from "../../state/context";
import { texts } from "../../texts";

const words = texts.statistics;

/** The events of one hour or day. */
export interface Point {
  readonly startMs: number;
  readonly successful: number;
  readonly failed: number;
}

interface Props {
  readonly points: readonly Point[];
  readonly durationMs: number;
  readonly formatStart: (ms: number) => string;
  /** The reader has brushed these whole intervals; the end is excluded. */
  readonly onSelect: (startMs: number, endMs: number) => void;
}

const HEIGHT = 200;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** Stacked bars over time: succeeded below, failed on top. */
export function Chart(props: Props) {
  const { points, formatStart } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const good = useRef<HTMLSpanElement>(null);
  const bad = useRef<HTMLSpanElement>(null);
  const scheme = useScheme();
  const latest = useRef(props);
  latest.current = props;
  const key = JSON.stringify(points);
  useEffect(() => {
    if (!frame.current || !good.current || !bad.current) return;
    const colours = { good: readColour(good.current), bad: readColour(bad.current), ...readLines(frame.current) };
    const plot = new uPlot(
      makeOptions(frame.current.clientWidth, latest, colours, setPointed),
      makeData(points),
      frame.current,
    );
    const observer = new ResizeObserver(([entry]) => {
      if (entry) plot.setSize({ width: Math.floor(entry.contentRect.width), height: HEIGHT });
    });
    observer.observe(frame.current);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [key, props.durationMs, scheme]);
  const point = pointed === null ? undefined : points[pointed];
  return (
    <figure class="chart">
      <div ref={frame} class="chart-frame" role="img" aria-label={describe(points, formatStart)} />
      <figcaption class="chart-legend">
        <span ref={good} class="chart-good">
          <span class="chart-sign" aria-hidden="true">
            ■
          </span>
          <span class="chart-word">
            {words.succeeded}
            {point && `: ${formatNumber(point.successful)}`}
          </span>
        </span>
        <span ref={bad} class="chart-bad">
          <span class="chart-sign" aria-hidden="true">
            ■
          </span>
          <span class="chart-word">
            {words.failedOnTop}
            {point && `: ${formatNumber(point.failed)}`}
          </span>
        </span>
        <span class="chart-hint">{point ? formatStart(point.startMs) : words.brush}</span>
      </figcaption>
    </figure>
  );
}

/** Returns what changes when the colours do: the reader's theme, and the system's scheme. */
function useScheme(): string {
  const { preferences } = useConsole();
  const [isDark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const update = () => setDark(query.matches);
    query.addEventListener("change", update);
    return () => query.removeEventListener("change", update);
  }, []);
  return `${preferences.value.theme} ${isDark}`;
}

interface Colours {
  readonly good: string;
  readonly bad: string;
  readonly text: string;
  readonly line: string;
}

/** A canvas needs a colour as such: that of an element is one, that of a token can be `light-dark()`. */
const readColour = (element: Element) => getComputedStyle(element).color;

function readLines(frame: Element): { text: string; line: string } {
  const style = getComputedStyle(frame);
  return { text: style.color, line: style.borderBottomColor };
}

function makeData(points: readonly Point[]): uPlot.AlignedData {
  return [
    points.map(({ startMs }) => startMs / SECOND_MS),
    points.map(({ successful, failed }) => successful + failed),
    points.map(({ successful }) => successful),
  ];
}

function makeOptions(
  width: number,
  latest: { readonly current: Props },
  colours: Colours,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const { durationMs, points } = latest.current;
  const start = (points[0]?.startMs ?? 0) / SECOND_MS;
  const end = ((points.at(-1)?.startMs ?? 0) + durationMs) / SECOND_MS;
  const paths = uPlot.paths.bars?.({ align: 1, size: [0.8, 40] });
  const bars = (colour: string) => ({ fill: colour, width: 0, points: { show: false }, ...(paths && { paths }) });
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    ...(durationMs === DAY_MS && {
      tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * SECOND_MS), "Etc/UTC"),
    }),
    scales: { x: { range: [start, end] }, y: { range: (_plot, _low, high) => [0, Math.max(high * 1.05, 1)] } },
    series: [{}, bars(colours.bad), bars(colours.good)],
    axes: makeAxes(colours, durationMs === DAY_MS),
    hooks: {
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
      setSelect: [(plot) => select(plot, latest.current)],
    },
  };
}

function makeAxes({ text, line }: Colours, isDaily: boolean): uPlot.Axis[] {
  const font = "11px system-ui, sans-serif";
  const shared = { stroke: text, font, ticks: { show: false } };
  const format = new Intl.DateTimeFormat(LOCALE, {
    day: "numeric",
    month: "short",
    ...(isDaily ? { timeZone: "UTC" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  });
  return [
    {
      ...shared,
      space: isDaily ? 60 : 110,
      size: 28,
      grid: { show: false },
      values: (_plot, splits) => splits.map((seconds) => format.format(seconds * SECOND_MS)),
    },
    {
      ...shared,
      size: 44,
      grid: { stroke: line, width: 1 },
      values: (_plot, splits) =>
        splits.map((value) => (Number.isInteger(value) ? formatCompact(value) : "")),
    },
  ];
}

/** Tell the brushed intervals, whole ones. A click selects nothing. */
function select(plot: uPlot, { points, durationMs, onSelect }: Props): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const from = plot.posToVal(left, "x") * SECOND_MS;
  const to = plot.posToVal(left + width, "x") * SECOND_MS;
  const touched = points.filter(({ startMs }) => startMs < to && startMs + durationMs > from);
  const [first] = touched;
  const last = touched.at(-1);
  if (first && last) onSelect(first.startMs, last.startMs + durationMs);
}

function describe(points: readonly Point[], formatStart: (ms: number) => string): string {
  let busiest = points[0];
  for (const point of points) {
    if (!busiest || point.successful + point.failed > busiest.successful + busiest.failed) busiest = point;
  }
  if (!busiest) return words.series;
  return words.chartLabel(formatStart(busiest.startMs), formatNumber(busiest.successful + busiest.failed));
}
