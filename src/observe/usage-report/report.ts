import type { ReadOnlyLedger } from '../../ledger/db/read-only.ts';
import type { PartUsage, UsageSource } from '../../ledger/readers.ts';
import { bucketsOf, dayBucket, type Bucket } from './buckets.ts';
import { CallTimes } from './call-times.ts';
import { groupsOf, type Group } from './groups.ts';
import type { Percentiles } from './percentiles.ts';
import { scopeOf, type ReportQuery, type UsageView } from './query.ts';
import { readSums, type ModelSums } from './sums.ts';
import { tilesOf, type Tile } from './report-tiles.ts';
import { TimesReader } from './times.ts';

/** For calls, before the first answer: the panel should show something at once. */
const chunksAtOnce = 1;

/** One number per bucket, in milliseconds; null if nothing was measured. */
interface PercentileColumns {
  readonly p50: (number | null)[];
  readonly p95: (number | null)[];
}

interface ModelLine extends ModelSums {
  readonly durationP50Ms: number | null;
  readonly durationP95Ms: number | null;
}

/** Everything that the usage panel shows of one view. */
export interface UsageReport {
  readonly view: UsageView;
  readonly nowMs: number;
  /** True if no provider is set up and none was ever used. */
  readonly empty: boolean;
  /** The choices of the filters, sorted. */
  readonly choices: { readonly tenants: string[]; readonly providers: string[]; readonly models: string[] };
  /** The day of the tiles. */
  readonly today: { readonly fromMs: number; readonly toMs: number };
  readonly tiles: Tile[];
  readonly buckets: Bucket[];
  readonly groups: Group[];
  /** True if times and refusals cover only the newest calls. */
  readonly partial: boolean;
  readonly duration: PercentileColumns;
  readonly firstContent: PercentileColumns;
  readonly refusals: { readonly reason: string; readonly count: number }[];
  readonly models: ModelLine[];
  /** By tool. Usage by tool is not kept by provider, model or tenant, so a filtered view has none. */
  readonly callers: PartUsage[];
}

/** Reads reports from a ledger and keeps what it has read of calls that have ended. */
export class ReportReader {
  readonly #ledger: ReadOnlyLedger;
  readonly #calls: CallTimes;
  readonly #times: TimesReader;

  constructor(ledger: ReadOnlyLedger) {
    this.#ledger = ledger;
    this.#calls = new CallTimes(ledger.calls);
    this.#times = new TimesReader(this.#calls);
  }

  /** Takes a bounded time, however many calls there are. If that is too short, the report is a partial one. */
  read(query: ReportQuery): UsageReport {
    return this.#ledger.atOnce(() => {
      const buckets = bucketsOf(query.view.range, query, this.#ledger.days);
      this.#calls.catchUp();
      const isWhole = this.#calls.reachBack(buckets, chunksAtOnce);
      return { ...this.#report(query, buckets), partial: !isWhole };
    });
  }

  /** Continues reading for a partial report. Returns true once it is complete. */
  readOn(query: ReportQuery): boolean {
    return this.#calls.reachBack(bucketsOf(query.view.range, query, this.#ledger.days), 1);
  }

  #report(query: ReportQuery, buckets: Bucket[]): Omit<UsageReport, 'partial'> {
    const { view, nowMs, day, settings } = query;
    const firstDay = buckets.at(0)?.label.slice(0, day.length) ?? day;
    const sources = this.#ledger.usage.bySource(firstDay, day);
    const sums = readSums(this.#ledger, buckets, view, sources);
    const times = this.#times.read(buckets, scopeOf(view));
    const choices = choicesOf(sources, query);
    const { fromMs, toMs } = dayBucket(day, this.#ledger.days);
    return {
      view,
      nowMs,
      empty: settings.providers.length === 0 && choices.providers.length === 0,
      choices,
      today: { fromMs, toMs },
      tiles: tilesOf(this.#ledger, query),
      buckets,
      groups: groupsOf(sums, view.stackBy),
      duration: columnsOf(times.durations),
      firstContent: columnsOf(times.firstContents),
      refusals: times.refusals,
      models: sums.models.map((model) => {
        const { p50, p95 } = times.durationOf(model.provider, model.model);
        return { ...model, durationP50Ms: p50, durationP95Ms: p95 };
      }),
      callers: Object.keys(scopeOf(view)).length > 0 ? [] : this.#callers(view, firstDay, day),
    };
  }

  /** Hours have no usage by tool, so the shortest range has today's. */
  #callers({ range }: UsageView, firstDay: string, day: string): PartUsage[] {
    const callers = this.#ledger.parts.byName('caller', range === '24h' ? day : firstDay, day);
    return callers.filter(({ requests }) => requests > 0);
  }
}

/** The tenants, providers and models used in this time, and the providers that are set up. */
function choicesOf(used: readonly UsageSource[], { view, settings }: ReportQuery): UsageReport['choices'] {
  const ofProvider = used.filter(({ provider }) => (view.provider ?? provider) === provider);
  return {
    tenants: sorted(used.map(({ tenant }) => tenant)),
    providers: sorted([...used.map(({ provider }) => provider), ...settings.providers.map(({ id }) => id)]),
    models: sorted(ofProvider.map(({ model }) => model)),
  };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function columnsOf(percentiles: readonly Percentiles[]): PercentileColumns {
  return { p50: percentiles.map(({ p50 }) => p50), p95: percentiles.map(({ p95 }) => p95) };
}
