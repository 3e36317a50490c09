import uPlot from 'uplot';
import { drawnValues, type ChartModel } from './chart-model.ts';
import { colorOf, edgeOf, fillOf } from './paint.ts';
import { palette, type Palette } from './palette.ts';

const widestBarPx = 40;
const markGapPx = 14;
/** Steps of an axis: 1, 2 and 5 times any power of ten. */
const steps = Array.from({ length: 16 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

export interface PlotPorts {
  readonly model: () => ChartModel;
  /** The bucket under the cursor; null if there is none. */
  readonly onCursor: (bucket: number | null) => void;
}

/** Draws a chart with the model's shape and number of series. Everything else is read at each drawing. */
export function createPlot(
  ports: PlotPorts,
  target: HTMLElement,
  size: { width: number; height: number },
): uPlot {
  const { shape, series } = ports.model();
  const options: uPlot.Options = {
    ...size,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
    scales: {
      x: { time: false, range: () => [-0.5, Math.max(0.5, ports.model().buckets.length - 0.5)] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.06 : 1] },
    },
    axes: [bucketAxis(ports), valueAxis(ports)],
    series: [{}, ...drawOrder(shape, series.length).map((index) => seriesOf(shape, index))],
    hooks: {
      setCursor: [
        (plot) => {
          ports.onCursor(plot.cursor.idx ?? null);
        },
      ],
    },
  };
  return new uPlot(options, plotData(ports.model()), target);
}

export function plotData(model: ChartModel): uPlot.AlignedData {
  const drawn = drawnValues(model);
  const x = model.buckets.map((_, index) => index);
  return [x, ...drawOrder(model.shape, model.series.length).map((index) => drawn[index] ?? [])];
}

/** Draws the highest stack first and the others over it. */
function drawOrder(shape: ChartModel['shape'], count: number): number[] {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return shape === 'bars' ? indexes.reverse() : indexes;
}

function seriesOf(shape: ChartModel['shape'], index: number): uPlot.Series {
  if (shape === 'lines') {
    const stroke = () => colorOf(index);
    return {
      stroke,
      width: 2,
      ...(index === 0 ? {} : { dash: [5, 4] }),
      points: { show: true, size: 5, stroke, fill: stroke },
    };
  }
  const { bars } = uPlot.paths;
  if (bars === undefined) throw new Error('uPlot has no bars');
  return {
    stroke: () => edgeOf(index),
    fill: () => fillOf(index),
    width: 1,
    points: { show: false },
    paths: bars({ size: [0.75, widestBarPx] }),
  };
}

function bucketAxis({ model }: PlotPorts): uPlot.Axis {
  return {
    stroke: () => palette().text,
    font: palette().font,
    size: 20,
    gap: 4,
    grid: { show: false },
    ticks: { show: false },
    // As many labels as fit, counted from the last bucket, which is now.
    splits: (plot) => {
      const { buckets } = model();
      const widest = Math.max(1, ...buckets.map(({ mark }) => widthOf(plot, mark)));
      const step = Math.max(
        1,
        Math.ceil((buckets.length * (widest + markGapPx)) / Math.max(1, plotWidth(plot))),
      );
      return buckets.map((_, index) => index).filter((index) => (buckets.length - 1 - index) % step === 0);
    },
    values: (_, splits) => splits.map((index) => model().buckets[index]?.mark ?? ''),
  };
}

function valueAxis({ model }: PlotPorts): uPlot.Axis {
  return {
    stroke: () => palette().text,
    font: palette().font,
    gap: 6,
    space: 28,
    incrs: steps,
    grid: { stroke: () => palette().grid, width: 1, dash: palette().patterned ? [1, 4] : [] },
    ticks: { show: false },
    values: (_, splits) => splits.map((value) => model().mark(value)),
    size: (plot, values: string[] | null) =>
      Math.max(16, ...(values ?? []).map((text) => widthOf(plot, text))) + 10,
  };
}

function plotWidth(plot: uPlot): number {
  return plot.bbox.width / devicePixelRatio;
}

/** Caches the widths of texts: one drawing asks for each several times, and all charts show the same days. */
const widths = new WeakMap<Palette, Map<string, number>>();

function widthOf({ ctx }: uPlot, text: string): number {
  const current = palette();
  const known = widths.get(current) ?? new Map<string, number>();
  widths.set(current, known);
  const before = known.get(text);
  if (before !== undefined) return before;
  ctx.save();
  ctx.font = current.font;
  const { width } = ctx.measureText(text);
  ctx.restore();
  known.set(text, width);
  return width;
}
