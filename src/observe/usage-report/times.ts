import type { CapScope } from '../../guard/caps.ts';
import type { Bucket } from './buckets.ts';
import type { CallTimes, Visit } from './call-times.ts';
import { Names } from './report-names.ts';
import { noTimes, PercentileSets, type Percentiles } from './percentiles.ts';
import { isWithin } from './query.ts';

/** How long calls took, and why the guard refused others. */
export interface Times {
  /** One per bucket. */
  readonly durations: readonly Percentiles[];
  readonly firstContents: readonly Percentiles[];
  /** The most frequent first. */
  readonly refusals: { readonly reason: string; readonly count: number }[];
  durationOf(provider: string, model: string): Percentiles;
}

/** The sorted times for one choice of buckets and calls. */
class Sorted {
  readonly durations = new PercentileSets();
  readonly firstContents = new PercentileSets();
  readonly models = new PercentileSets();
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** Reads times from calls, and keeps what it sorted while the choice stays the same. */
export class TimesReader {
  readonly #calls: CallTimes;
  readonly #models = new Names<undefined>();
  #sorted = new Sorted('');

  constructor(calls: CallTimes) {
    this.#calls = calls;
  }

  read(buckets: readonly Bucket[], scope: CapScope): Times {
    const what = JSON.stringify([buckets, scope]);
    if (this.#sorted.what !== what) this.#sorted = new Sorted(what);
    const targets = this.#calls.targets.all;
    const isWanted = targets.map((target) => isWithin(target, scope));
    const modelOf = targets.map(({ provider, model }) => this.#modelNumber(provider, model));
    const forEach = (visit: Visit) => {
      this.#calls.forEach(buckets, isWanted, visit);
    };
    const { durations, firstContents, models } = this.#sorted;
    const ofModels = models.read(this.#models.all.length, (visit) => {
      forEach((block, at) => {
        const durationMs = block.durationMs[at] ?? NaN;
        if (!Number.isNaN(durationMs)) visit(modelOf[block.target[at] ?? 0] ?? 0, durationMs);
      });
    });
    return {
      durations: durations.read(buckets.length, (visit) => {
        forEach((block, at, bucket) => {
          const durationMs = block.durationMs[at] ?? NaN;
          if (!Number.isNaN(durationMs)) visit(bucket, durationMs);
        });
      }),
      firstContents: firstContents.read(buckets.length, (visit) => {
        forEach((block, at, bucket) => {
          const firstContentMs = block.firstContentMs[at] ?? NaN;
          if (!Number.isNaN(firstContentMs)) visit(bucket, firstContentMs);
        });
      }),
      refusals: this.#refusals(forEach),
      durationOf: (provider, model) => ofModels[this.#modelNumber(provider, model)] ?? noTimes,
    };
  }

  #refusals(forEach: (visit: Visit) => void): Times['refusals'] {
    const counts = this.#calls.reasons.all.map((reason) => ({ reason, count: 0 }));
    forEach((block, at) => {
      const refused = counts[(block.refusal[at] ?? 0) - 1];
      if (refused !== undefined) refused.count += 1;
    });
    return counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  }

  #modelNumber(provider: string, model: string): number {
    return this.#models.of(JSON.stringify([provider, model]), undefined);
  }
}
