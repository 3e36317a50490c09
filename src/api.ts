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
  getStatus(): Promise<GuardStatus>;
  /** What was used today, by the calendar day of the ledger, over all windows. */
  getUsageStats(): Promise<UsageStats>;
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

export interface GuardStatus {
  readonly health: 'healthy' | 'warning' | 'error' | 'empty';
  readonly reason?: string;
  readonly providers: readonly ProviderStatusInfo[];
}

export interface ProviderStatusInfo {
  readonly id: string;
  readonly callable: boolean;
  /** Why it cannot be called, or that it is being tried. */
  readonly reason?: string;
  readonly circuit: 'closed' | 'open' | 'halfOpen' | 'tripped';
  /** `set`, `not set`, `locked` …; absent where none can be. Never the key. */
  readonly key?: string;
  readonly caps: readonly CapInfo[];
}

export interface CapInfo {
  /** Such as `100 requests a day`. */
  readonly limit: string;
  /** Such as `openai`, `tenant work on openai`. */
  readonly scope: string;
  /** From 0 to 1, and beyond; calls under way count. */
  readonly fullness: number;
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
