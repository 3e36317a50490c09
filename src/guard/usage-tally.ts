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

/** Adds up what the attempts of one leg used. */
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
      // The usage of an incomplete answer is that of its start. The provider also bills what it has streamed since.
      const unreported = outcome.kind === 'complete' ? 0 : streamed;
      this.#estimated ||= unreported > report.usage.outputTokens;
      this.#add({ ...report.usage, outputTokens: Math.max(report.usage.outputTokens, unreported) });
    } else if (mayHaveWorked(outcome, timings)) {
      this.#estimated = true;
      this.#add({ inputTokens: this.#inputEstimate, cachedInputTokens: 0, outputTokens: streamed });
    }
  }

  /** Each attempt is priced by itself, because its prompt alone decides about long-prompt and cache prices. */
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
      return timings.firstContentMs !== undefined;
    case 'connection':
      return timings.headersMs !== undefined;
    default:
      return false;
  }
}
