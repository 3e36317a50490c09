import type { Event } from 'vscode';

/**
 * What Callguard's `activate` gives to other extensions. Copy this file, or import its types. Keys go in, through
 * `configureProvider`, and never out.
 */
export interface CallguardApi {
  /** Raised when something is taken away or changes its meaning; additions leave it as it is. */
  readonly version: 1;
  /** One question through the whole guard. Never rejects for what a provider or the guard says. */
  chat(request: ChatRequest): Promise<ChatResult>;
  /** The models and routes that may be asked now, by the names that `chat` takes. */
  models(): readonly ModelInfo[];
  /** The same in every window; while the ledger cannot be used, nothing is available in it. */
  getStatus(): Promise<StatusDocument>;
  /**
   * What was used today, by the calendar day of the ledger, over all windows. Rejects while the ledger cannot be used.
   */
  getUsageStats(): Promise<UsageStats>;
  /**
   * Totals since the ledger began, and the state of every provider, in Prometheus' text format. Rejects while the
   * ledger cannot be used.
   */
  getMetrics(): Promise<string>;
  getProviderConfigs(): readonly ProviderInfo[];
  /** Asks the user, in a dialog that names the caller, and sets the provider up if the user agrees. */
  configureProvider(request: ConfigureRequest): Promise<ConfigureResult>;
  /** A small request through the whole guard; it counts like any other. */
  testProvider(provider: string): Promise<TestOutcome>;
  /** Something that `getStatus` or `getUsageStats` tells may have changed, in this window or another. */
  readonly onDidChangeStatus: Event<void>;
}

export interface ChatRequest {
  /** `provider/model`, or the name of a route. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  /** Who asks. VS Code cannot tell, so the audit trail marks it as self-declared. */
  readonly caller: string;
  /** Told each piece of the answer as it comes. */
  readonly onText?: (text: string) => void;
  readonly signal?: AbortSignal;
  /** False where a repeated request would act twice: then it is not repeated once it may have been acted on. */
  readonly idempotent?: boolean;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export type ChatResult =
  | {
      readonly ok: true;
      readonly text: string;
      /** Who served it: the model that was asked, or one of the route's. */
      readonly servedBy: string;
      readonly usage: TokenUsage;
    }
  | {
      readonly ok: false;
      /** `refused` by the guard, `failed` at the provider, `aborted` by the signal. */
      readonly kind: 'refused' | 'failed' | 'aborted';
      /** The refusal's or the failure's own kind, such as `cap`, `policy`, `circuit`, `http`, `timeout`. */
      readonly reason: string;
      /** What happened, for a person. */
      readonly message: string;
      /** When it may go through, in milliseconds since 1970, where that is known. */
      readonly retryAtMs?: number;
      /** What had come before it failed. */
      readonly text: string;
    };

export interface TokenUsage {
  /** Cached ones included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Absent where the model has no known price. */
  readonly costUsd?: number;
  /** True where the provider reported nothing, and the guard had to guess. */
  readonly estimated: boolean;
}

export interface ModelInfo {
  readonly id: string;
  readonly kind: 'model' | 'route';
  /** Absent for a route. */
  readonly provider?: string;
}

export interface ProviderInfo {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly baseUrl?: string;
  readonly models: readonly string[];
}

/**
 * The status as other programs read it: an existing contract. Fields are added, never renamed, so they keep its
 * spelling. The first ones of each part are the contract's own; below the line are Callguard's.
 */
export interface StatusDocument {
  /** Whether any active provider's circuit is not open. */
  readonly available: boolean;
  /** `callguard.defaultModel`, a route's first target; null where none is set. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly providers: readonly ProviderDocument[];
  readonly safety: SafetyDocument;
  readonly usage: UsageDocument;
  // ---
  /** ISO 8601. */
  readonly at: string;
  readonly health: 'healthy' | 'warning' | 'error' | 'empty';
  /** Why it is not well. */
  readonly reason: string | null;
  readonly holds: HoldsDocument;
  readonly ledger: LedgerDocument;
  /** What could not be read of the settings. */
  readonly problems: readonly string[];
}

export interface ProviderDocument {
  readonly name: string;
  /** Enabled, not paused, its key usable. */
  readonly active: boolean;
  /** The default model if it is this provider's, else its first. */
  readonly model: string | null;
  readonly last_ok: string | null;
  /** In a row. */
  readonly failure_count: number;
  readonly circuit_state: 'closed' | 'open' | 'half_open';
  readonly today_requests: number;
  readonly today_tokens: number;
  /** What the tightest daily cap of tenant `default` leaves; null where there is no cap. */
  readonly rate_limit_remaining: number | null;
  readonly tokens_remaining: number | null;
  // ---
  readonly enabled: boolean;
  readonly paused: boolean;
  /** `set`, `not set`, `lost`, `rejected` …; null where there can be none. */
  readonly key_state: string | null;
  readonly out_of_credit: boolean;
  readonly last_failure: string | null;
  /** Sanitized. */
  readonly last_failure_message: string | null;
  readonly today_cost_usd: number;
  /** Requests of today whose cost nobody knows, and which `today_cost_usd` lacks. */
  readonly today_cost_unknown: number;
  readonly holds: HoldsDocument;
  readonly rests: readonly { readonly model: string; readonly until: string }[];
}

export interface SafetyDocument {
  /** In seconds: of the default model's provider, else the defaults. */
  readonly timeouts: { readonly connect: number; readonly read: number };
  /** Patterns by provider; an empty list of allowed ones allows all. */
  readonly model_allowlists: Readonly<Record<string, readonly string[]>>;
  readonly model_denylists: Readonly<Record<string, readonly string[]>>;
}

export interface UsageDocument {
  readonly today_requests: number;
  readonly today_tokens: number;
  /** In percent, of what succeeded or failed today; 100 while nothing has. */
  readonly success_rate: number;
  // ---
  /** The calendar day of the ledger. */
  readonly day: string | null;
  readonly today_cost_usd: number;
  readonly today_cost_unknown: number;
}

/** What calls under way have reserved. */
export interface HoldsDocument {
  readonly requests: number;
  readonly tokens: number;
  readonly cost_usd: number;
}

export interface LedgerDocument {
  readonly ok: boolean;
  /** Why it cannot be used, so that every call is refused; then the counts are 0, as nobody knows them. */
  readonly problem: string | null;
  /** The latest row of the audit trail. */
  readonly audit_head: number | null;
}

export interface UsageStats {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly total: UsageCount;
  readonly byProvider: Readonly<Record<string, UsageCount>>;
}

export interface UsageCount {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ConfigureRequest {
  readonly id: string;
  /** A kind as the setting `callguard.providers` names it, such as `openai`. */
  readonly kind: string;
  readonly baseUrl?: string;
  readonly models: readonly string[];
  /** Sealed in the vault, for the base URL's origin alone. Absent: a key that is there stays. */
  readonly key?: string;
  /** Who asks, as the dialog shows it. */
  readonly caller: string;
}

export type ConfigureResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'declined' | 'invalid' | 'vault'; readonly message: string };

export interface TestOutcome {
  readonly ok: boolean;
  /** What happened, for a person. */
  readonly message: string;
  /** The one thing to do, where it did not work. */
  readonly advice?: string;
  readonly connectedMs?: number;
  readonly headersMs?: number;
  readonly firstContentMs?: number;
  readonly usage?: TokenUsage;
  /** The provider's own headers about its rate limits. */
  readonly rateLimits?: Readonly<Record<string, string>>;
}
