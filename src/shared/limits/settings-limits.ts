import { kib, mib } from './units.ts';

export const settingsLimits = {
  /** The highest port that TCP has. */
  port: 65_535,
  /** Of a model's name, or of a pattern of names. */
  modelChars: 200,
  /** A header or a query parameter that the user adds to requests. Servers accept 8 KiB of headers. */
  headerChars: 8 * kib,
  /** Tokens of a context window, or of an answer. */
  tokens: 1_000_000_000,
  assumedTokens: 10_000_000,
  /** A timeout, a pause between retries, or that of a circuit breaker. */
  seconds: 86_400,
  /** A hundred times the most expensive model. A higher price is a mistake, and its costs could not be added up. */
  usdPerMillion: 100_000,
  /** Of one leg. */
  retries: 10,
  /** The retries of a minute that no budget takes away, and the failures after which a circuit opens. */
  budgetFloor: 1_000,
  failures: 1_000,
  /** How long usage and the audit trail can be kept. */
  keptDays: 36_500,
  holdMinutes: 1_440,
  patienceSeconds: 60,
  /** Targets whose resolution is kept. Clients of the gateway choose names of models freely. */
  resolved: 1_000,
  /** A settings file of a headless Callguard. */
  fileBytes: 4 * mib,
  /** Levels of one setting. A provider's entry has four. */
  depth: 16,
  /** Names and values of one setting. Ten providers with a thousand models each fit. */
  values: 20_000,
  /** The characters of all of them. */
  chars: mib,
  providers: 200,
  /** The id of a provider, and the name of a route or a tenant. */
  idChars: 63,
  /** That one provider offers. */
  models: 1_000,
  /** Of a list of models that a policy or a workspace allows or denies. Each call is compared with each pattern. */
  patterns: 100,
  /** Of one pattern. Each takes a search of its own. */
  stars: 8,
  routes: 200,
  targets: 50,
  /** In `callguard.limits`. Each call looks up the use of each cap. */
  rules: 100,
  tenants: 200,
  /** Of one tenant. */
  tenantFolders: 100,
  folderChars: 1_000,
  /** Folders of a workspace, each of which may have settings. VS Code takes half a millisecond for each. */
  workspaceFolders: 100,
  /** Of one provider, and of all settings together. */
  problems: 20,
  /** A problem's text, which may quote the setting. */
  problemChars: 300,
  /** A cap in US dollars. The ledger counts millionths of them, and this many exactly. */
  usd: 1_000_000_000,
  /** Any other cap. Larger numbers are not exact. */
  count: 1_000_000_000_000_000,
} as const;

/** The bodies of requests. Settings are compared with them at activation. */
export const bodyLimits = {
  /** One body, as at Anthropic's own API: screenshots come as base64. */
  bytes: 32 * mib,
  /** The bodies of all calls in progress. They stay in memory until their calls end, because a call may be repeated. */
  allBytes: 64 * mib,
} as const;

/** What a call may use, and what a provider lists: read at activation. */
export const callLimits = {
  /**
   * More tokens than any model's answer has, and more micro-dollars than any call costs. A higher declared figure
   * counts as this one, so that the sums of the ledger stay exact.
   */
  declared: 1_000_000_000_000,
  /** How long a list of models may take, the key included. */
  listMs: 10_000,
  /** The values in a list of models. The longest one known has some 30,000. */
  listValues: 100_000,
} as const;
