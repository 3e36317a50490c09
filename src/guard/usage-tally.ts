import { costMicroUsd, type Price, type PricedTokens, type PriceSource } from './price.ts';
import type { Timings } from './deadlines.ts';
import { costSources, type CostSource, type Usage } from './ledger-port.ts';
import type { OriginMismatch, Outcome } from './outcome.ts';
import type { AttemptReport, ReportedUsage } from './sender-port.ts';

export const noUsage: Usage = {
  requests: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costMicroUsd: 0,
  estimated: false,
};

/** Adds up what the attempts of one leg used. */
export class UsageTally {
  readonly #price: Price | undefined;
  readonly #priceSource: PriceSource | undefined;
  readonly #inputEstimate: number;
  readonly #isFree: boolean;
  #sent = false;
  #estimated = false;
  #inputTokens = 0;
  #cachedInputTokens = 0;
  #outputTokens = 0;
  /** Undefined while nothing is known of it. */
  #costMicroUsd: number | undefined;
  #hasUnknownCost = false;
  readonly #sources = new Set<CostSource>();
  #streamedEstimate = 0;

  /** `isFree`: whatever the attempts use, it counts nowhere. */
  constructor(price: Price | undefined, inputEstimate: number, isFree = false, priceSource?: PriceSource) {
    this.#isFree = isFree;
    this.#price = price;
    this.#priceSource = priceSource;
    this.#inputEstimate = inputEstimate;
    this.#costMicroUsd = price === undefined ? undefined : 0;
  }

  attemptStarts(): void {
    this.#streamedEstimate = 0;
  }

  /** Estimated output tokens of a part that came. */
  streamed(tokens: number): void {
    this.#streamedEstimate += tokens;
  }

  /** Adds the provider's own figures, or an estimate if it reported none. */
  attemptEnds(outcome: Outcome | OriginMismatch, timings: Timings, report: AttemptReport | undefined): void {
    const streamed = Math.ceil(this.#streamedEstimate);
    this.#streamedEstimate = 0;
    this.#sent ||= wasSent(outcome, timings);
    if (report?.usage !== undefined) {
      this.#addReported(report.usage, outcome.kind === 'complete', streamed);
    } else if (mayHaveWorked(outcome, timings)) {
      this.#estimated = true;
      this.#add({ inputTokens: this.#inputEstimate, cachedInputTokens: 0, outputTokens: streamed });
    }
  }

  /** Estimates what the provider left out. */
  #addReported(reported: ReportedUsage, isComplete: boolean, streamed: number): void {
    const { inputTokens = this.#inputEstimate, outputTokens: output = streamed } = reported;
    // The usage of an incomplete answer is that of its start. The provider also bills what it has streamed since.
    const outputTokens = isComplete ? output : Math.max(output, streamed);
    const isEstimated = reported.inputTokens === undefined || outputTokens !== (reported.outputTokens ?? 0);
    this.#estimated ||= isEstimated;
    const { costMicroUsd: charged, ...tokens } = reported;
    // A cost that was reported with figures of the start is not that of the whole.
    const isWhole = isComplete || this.#price === undefined;
    this.#add({ ...tokens, inputTokens, outputTokens }, isWhole ? charged : undefined);
  }

  /** Each attempt is priced by itself, because its prompt alone decides about long-prompt and cache prices. */
  #add(used: PricedTokens & { readonly cachedInputTokens: number }, charged?: number): void {
    this.#inputTokens += used.inputTokens;
    this.#cachedInputTokens += used.cachedInputTokens;
    this.#outputTokens += used.outputTokens;
    const cost = charged ?? (this.#price === undefined ? undefined : costMicroUsd(this.#price, used));
    this.#sources.add(charged === undefined ? (this.#priceSource ?? 'unknown') : 'provider');
    if (cost === undefined) this.#hasUnknownCost = true;
    else this.#costMicroUsd = (this.#costMicroUsd ?? 0) + cost;
  }

  /** No attempt can have used tokens so far. */
  get isEmpty(): boolean {
    return this.#inputTokens + this.#outputTokens === 0;
  }

  /** Undefined if nothing was sent. A call that used no tokens costs nothing by the price that it would have had. */
  get costSource(): CostSource | undefined {
    if (!this.#sent || this.#isFree) return undefined;
    return costSources.findLast((source) => this.#sources.has(source)) ?? this.#priceSource ?? 'unknown';
  }

  total(): Usage {
    if (!this.#sent || this.#isFree) return noUsage;
    return {
      requests: 1,
      inputTokens: this.#inputTokens,
      cachedInputTokens: this.#cachedInputTokens,
      outputTokens: this.#outputTokens,
      costMicroUsd: this.#hasUnknownCost ? undefined : this.#costMicroUsd,
      estimated: this.#estimated,
    };
  }
}

/** A request that could not be made uses no cap and does not count in the success rate. */
function wasSent(outcome: Outcome | OriginMismatch, timings: Timings): boolean {
  if (outcome.kind === 'origin') return false;
  return outcome.kind !== 'unsendable' || timings.firstContentMs !== undefined;
}

/** Whether the provider may have read the prompt and may bill it. Not if it refused or never received it. */
function mayHaveWorked(outcome: Outcome | OriginMismatch, timings: Timings): boolean {
  switch (outcome.kind) {
    case 'complete':
    case 'cut':
    case 'errorEvent':
    case 'malformed':
      return true;
    case 'aborted':
    case 'timeout':
      return timings.connectedMs !== undefined;
    case 'declined':
    case 'http':
    case 'outOfCredit':
      // An error that comes within the answer.
      return timings.firstContentMs !== undefined;
    case 'connection':
      return timings.headersMs !== undefined;
    default:
      return false;
  }
}
