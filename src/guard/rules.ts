import type { Result } from '../shared/result.ts';
import type { CircuitOptions } from './breaker.ts';
import type { Call, Target } from './call.ts';
import type { Cap } from './caps.ts';
import type { Price } from './price.ts';
import type { Timeouts } from './deadlines.ts';
import type { ModelPolicy } from './policy.ts';
import type { Refusal } from './refusal.ts';
import type { RetryOptions } from './retry.ts';

/** What the settings say about one tenant's calls to one target. */
export interface TargetRules {
  readonly policy: ModelPolicy;
  /** Every `callguard.workspace.models` that there is; each only takes away. */
  readonly workspaceModels: readonly (readonly string[])[];
  readonly caps: readonly Cap[];
  readonly circuit: CircuitOptions;
  readonly timeouts: Timeouts;
  readonly retry: RetryOptions;
  readonly price: Price | undefined;
  readonly unknownPriceAllowed: boolean;
  /** What a request without a limit of its own may produce: the model's limit, at most the default. */
  readonly assumedOutputTokens: number;
  /** Send the reserved output tokens as the request's limit, so that even the real use cannot pass a cap. */
  readonly strict: boolean;
  /** See `AdmitRequest.setUp`. */
  readonly configFingerprint: string;
}

/** Where the guard learns the rules; asked anew for each call, so that a changed setting holds at once. */
export interface Rulebook {
  /** Refuses a provider that is not set up, is disabled, or whose settings are broken. */
  rulesFor(target: Target, tenant: string): Result<TargetRules, Refusal>;
}

/** May change the prompt (redact) or refuse the call, before anything is reserved. */
export type PromptCheck = (call: Call) => Promise<Result<Call['prompt'], Refusal>>;
