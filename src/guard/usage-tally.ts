import { costMicroUsd, type Price } from './price.ts';
import type { Timings } from './deadlines.ts';
import type { Usage } from './ledger-port.ts';
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

/** Adds up what the attempts of one call used on one target. */
export class UsageTally {
  readonly #price: Price | undefined;
  readonly #inputEstimate: number;
  #sent = false;
  #estimated = false;
  #inputTokens = 0;
  #cachedInputTokens = 0;
  #outputTokens = 0;
  #costMicroUsd = 0;
  #streamedEstimate = 0;

  constructor(price: Price | undefined, inputEstimate: number) {
    this.#price = price;
    this.#inputEstimate = inputEstimate;
  }

  attemptStarts(): void {
    this.#streamedEstimate = 0;
  }

  /** Output tokens of a part that came, by estimate. */
  streamed(tokens: number): void {
    this.#streamedEstimate += tokens;
  }

  /** The provider's own figures; where it gave none, an estimate of what it must have done. */
  attemptEnds(outcome: Outcome | OriginMismatch, timings: Timings, report: AttemptReport | undefined): void {
    const streamed = Math.ceil(this.#streamedEstimate);
    this.#streamedEstimate = 0;
    this.#sent ||= wasSent(outcome, timings);
    if (report?.usage !== undefined) {
      // Before its end an answer's usage is what was known at its start: what has streamed since is billed too.
      const unreported = outcome.kind === 'complete' ? 0 : streamed;
      this.#estimated ||= unreported > report.usage.outputTokens;
      this.#add({ ...report.usage, outputTokens: Math.max(report.usage.outputTokens, unreported) });
    } else if (mayHaveWorked(outcome, timings)) {
      this.#estimated = true;
      this.#add({ inputTokens: this.#inputEstimate, cachedInputTokens: 0, outputTokens: streamed });
    }
  }

  /** Each attempt is billed by itself: whether its prompt is a long one, and what of it went to the cache. */
  #add(used: ReportedUsage): void {
    this.#inputTokens += used.inputTokens;
    this.#cachedInputTokens += used.cachedInputTokens;
    this.#outputTokens += used.outputTokens;
    if (this.#price !== undefined) this.#costMicroUsd += costMicroUsd(this.#price, used);
  }

  total(): Usage {
    if (!this.#sent) return noUsage;
    return {
      requests: 1,
      inputTokens: this.#inputTokens,
      cachedInputTokens: this.#cachedInputTokens,
      outputTokens: this.#outputTokens,
      costMicroUsd: this.#price === undefined ? undefined : this.#costMicroUsd,
      estimated: this.#estimated,
    };
  }
}

/** A request that could not even be made takes nothing of a cap, and is no failure in the success rate. */
function wasSent(outcome: Outcome | OriginMismatch, timings: Timings): boolean {
  if (outcome.kind === 'origin') return false;
  return outcome.kind !== 'unsendable' || timings.firstContentMs !== undefined;
}

/** Whether the provider may have read the prompt, and will bill it: not when it refused it or never saw it. */
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
      return timings.firstContentMs !== undefined;
    case 'connection':
      return timings.headersMs !== undefined;
    default:
      return false;
  }
}
