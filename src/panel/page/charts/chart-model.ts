/** The data of a chart. A bucket is an hour or a day. */
export interface ChartModel {
  /** Bars are stacked, with the first series at the bottom. Lines are not. */
  readonly shape: 'bars' | 'lines';
  readonly title: string;
  readonly buckets: readonly Bucket[];
  readonly series: readonly Series[];
  /** A value in full, and as a label of the axis. */
  readonly words: (value: number) => string;
  readonly mark: (value: number) => string;
  /** Opens the calls of a bucket. */
  readonly open: (bucket: number) => void;
}

export interface Bucket {
  readonly name: string;
  readonly mark: string;
}

export interface Series {
  readonly name: string;
  /** One per bucket; null if nothing was measured. */
  readonly values: readonly (number | null)[];
}

/** The text for one bucket: its series that are not zero, and for bars their sum. */
export function entriesOf(
  model: ChartModel,
  bucket: number,
): { series: number; name: string; value: number }[] {
  return model.series.flatMap(({ name, values }, series) => {
    const value = values[bucket] ?? null;
    return value === null || (value === 0 && model.shape === 'bars') ? [] : [{ series, name, value }];
  });
}

export function totalOf(model: ChartModel, bucket: number): number {
  return model.series.reduce((sum, { values }) => sum + (values[bucket] ?? 0), 0);
}

/** The values as drawn: each bar on top of those before it. */
export function drawnValues({ shape, series }: ChartModel): (number | null)[][] {
  if (shape === 'lines') return series.map(({ values }) => [...values]);
  const below: number[] = [];
  return series.map(({ values }) => values.map((value, at) => (below[at] = (below[at] ?? 0) + (value ?? 0))));
}
