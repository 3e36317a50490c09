import { Histogram, type MetricObjectWithValues, type MetricValueWithName } from 'prom-client';
import type { Counters } from '../../ledger/readers.ts';

type Label = 'provider' | 'le';
type Values = MetricObjectWithValues<MetricValueWithName<Label>>;

export interface LedgerHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds in seconds. */
  readonly bounds: readonly number[];
  /** The prefix of its counters. The buckets are `<series>:<bound>`. */
  readonly series: 'duration' | 'firstContent';
  /** The name of the sum, in milliseconds. */
  readonly sum: 'durationMs' | 'firstContentMs';
}

/** A histogram with the ledger's counts. prom-client's own histogram only counts what this process observed. */
export class LedgerHistogram extends Histogram<Label> {
  /** Describes the histogram without its values. */
  readonly #empty: Histogram<Label>;
  readonly #options: LedgerHistogramOptions;
  readonly #providers: ReadonlyMap<string, Counters>;

  constructor(options: LedgerHistogramOptions, providers: ReadonlyMap<string, Counters>) {
    const own = {
      name: options.name,
      help: options.help,
      labelNames: ['provider'] as Label[],
      buckets: [...options.bounds],
      registers: [],
    };
    super(own);
    this.#empty = new Histogram<Label>(own);
    this.#options = options;
    this.#providers = providers;
  }

  override get(): Promise<Values> {
    return this.getForPromString();
  }

  /** prom-client calls this when it writes the text format. */
  async getForPromString(): Promise<Values> {
    const values = [...this.#providers].flatMap(([provider, counters]) => this.#valuesOf(provider, counters));
    return { ...(await this.#empty.get()), values };
  }

  #valuesOf(provider: string, counters: Counters): Values['values'] {
    const { name, bounds, series, sum } = this.#options;
    let count = 0;
    const buckets = [...bounds.map(String), '+Inf'].map((le) => {
      count += counters.get(`${series}:${le}`) ?? 0;
      return { metricName: `${name}_bucket`, labels: { le, provider }, value: count };
    });
    const seconds = (counters.get(sum) ?? 0) / 1_000;
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: { provider }, value: seconds },
      { metricName: `${name}_count`, labels: { provider }, value: count },
    ];
  }
}
