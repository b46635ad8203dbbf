import uPlot from "uplot";
import { DAY_MS } from "../../../durations";
import { formatCompact, makeAxisFormat } from "../../../format";
import type { Bar } from "./series";

/** Colours as the browser computed them: a canvas knows no custom properties. */
export interface Colours {
  readonly successful: string;
  readonly failed: string;
  readonly surface: string;
  readonly text: string;
  readonly line: string;
}

export interface ChartOptions {
  readonly bars: readonly Bar[];
  readonly height: number;
  readonly getColours: () => Colours;
  /** `UTC`, also for bars of days, which are days in UTC; absent: the browser's zone. */
  readonly timeZone?: string | undefined;
  /** A span was dragged over, in milliseconds since 1970. */
  readonly onBrush: (fromMs: number, toMs: number) => void;
  readonly onClick: (index: number) => void;
  readonly onBack: () => void;
  readonly onHover: (index: number | null) => void;
}

const LABEL_WIDTH = 32;
const AXIS_HEIGHT = 18;
const AXIS_WIDTH = 40;
const MIN_DRAG = 4;
/** A click waits as long as this for a second one, which means to go back. */
const DOUBLE_CLICK_MS = 250;

/** Draw the bars into an element: failed at the base, hatched; succeeded above. */
export function drawChart(element: HTMLElement, options: ChartOptions): uPlot {
  const { bars, height, getColours } = options;
  const first = bars[0]?.startMs ?? 0;
  const last = bars.at(-1)?.endMs ?? 1;
  const highest = Math.max(1, ...bars.map((bar) => bar.successful + bar.failed));
  const path = uPlot.paths.bars?.({ size: [0.82, 96], align: 0, gap: 0 });
  const series = (fill: uPlot.Series.Fill): uPlot.Series => ({
    fill,
    width: 0,
    points: { show: false },
    ...(path ? { paths: path } : {}),
  });
  return new uPlot(
    {
      width: Math.max(element.clientWidth, 1),
      height,
      padding: [6, 8, 0, 0],
      legend: { show: false },
      cursor: makeCursor(),
      scales: {
        x: { time: true, range: () => [first / 1_000, last / 1_000] },
        y: { range: () => [0, highest] },
      },
      axes: makeAxes(options, highest, (last - first) / Math.max(bars.length, 1)),
      series: [
        {},
        series(() => getColours().successful),
        series((chart) => makeHatch(chart, getColours())),
      ],
      hooks: makeHooks(options),
      ...(options.timeZone === undefined
        ? {}
        : { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC") }),
    },
    [
      bars.map((bar) => (bar.startMs + bar.endMs) / 2_000),
      bars.map((bar) => bar.successful + bar.failed),
      bars.map((bar) => bar.failed),
    ],
    element,
  );
}

function makeCursor(): uPlot.Cursor {
  return {
    y: false,
    points: { show: false },
    drag: { x: true, y: false, setScale: false, dist: MIN_DRAG },
    bind: { dblclick: () => null },
  };
}

/** `barMs`: what a bar spans. A bar of a day gets no label of an hour. */
function makeAxes({ getColours, timeZone }: ChartOptions, highest: number, barMs: number): uPlot.Axis[] {
  const shared: uPlot.Axis = {
    stroke: () => getColours().text,
    font: "11px system-ui, sans-serif",
    ticks: { show: false },
    gap: 3,
  };
  return [
    {
      ...shared,
      size: AXIS_HEIGHT,
      space: 72,
      align: 1,
      grid: { show: false },
      values: (chart, seconds, _axis, _space, step) => {
        const edge = chart.over.clientWidth - LABEL_WIDTH;
        const format = makeAxisFormat(step * 1_000, timeZone);
        const formatDay = makeAxisFormat(DAY_MS, timeZone);
        return seconds.map((each) => {
          if (chart.valToPos(each, "x") > edge) return ""; // it would be cut
          const isWithinDay = step * 1_000 < DAY_MS;
          const isMidnight = isWithinDay && isStartOfDay(each, timeZone);
          if (isWithinDay && barMs >= DAY_MS && !isMidnight) return "";
          return (isMidnight ? formatDay : format)(each * 1_000);
        });
      },
    },
    {
      ...shared,
      size: AXIS_WIDTH,
      splits: () => (highest > 1 ? [0, Math.floor(highest / 2), highest] : [0, 1]),
      values: (_chart, values) => values.map((each) => (each === 0 ? "" : formatCompact(each))),
      grid: { stroke: () => getColours().line, width: 1 },
    },
  ];
}

function isStartOfDay(seconds: number, timeZone?: string): boolean {
  const date = new Date(seconds * 1_000);
  return (timeZone === undefined ? date.getHours() : date.getUTCHours()) === 0;
}

/** Returns the pattern of failed events: diagonal lines, so that colour is not all that tells them. */
function makeHatch(chart: uPlot, colours: Colours): CanvasPattern | string {
  const size = 6 * (window.devicePixelRatio || 1);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const drawing = tile.getContext("2d");
  if (drawing === null) return colours.failed;
  drawing.fillStyle = colours.failed;
  drawing.fillRect(0, 0, size, size);
  drawing.strokeStyle = colours.surface;
  drawing.lineWidth = size / 5;
  drawing.beginPath();
  for (const offset of [-size, 0, size]) {
    drawing.moveTo(offset, size);
    drawing.lineTo(offset + size, 0);
  }
  drawing.stroke();
  return chart.ctx.createPattern(tile, "repeat") ?? colours.failed;
}

function makeHooks(options: ChartOptions): uPlot.Hooks.Arrays {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const toMs = (chart: uPlot, left: number) => chart.posToVal(left, "x") * 1_000;
  return {
    setSelect: [
      (chart) => {
        const { left, width } = chart.select;
        if (width >= MIN_DRAG) options.onBrush(toMs(chart, left), toMs(chart, left + width));
        if (width > 0) chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      },
    ],
    setCursor: [
      (chart) => {
        const { left } = chart.cursor;
        options.onHover(left === undefined || left < 0 ? null : findBar(options.bars, toMs(chart, left)));
      },
    ],
    ready: [
      (chart) => {
        chart.over.addEventListener("click", (event) => {
          clearTimeout(timer);
          if (event.detail > 1) return;
          const index = findBar(options.bars, toMs(chart, event.offsetX));
          timer = setTimeout(() => index !== null && options.onClick(index), DOUBLE_CLICK_MS);
        });
        chart.over.addEventListener("dblclick", () => options.onBack());
      },
    ],
    destroy: [() => clearTimeout(timer)],
  };
}

function findBar(bars: readonly Bar[], ms: number): number | null {
  const index = bars.findIndex((bar) => bar.startMs <= ms && ms < bar.endMs);
  return index < 0 ? null : index;
}
