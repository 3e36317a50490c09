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
