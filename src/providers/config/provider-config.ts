import { defaultCircuitOptions, type CircuitOptions } from '../../guard/breaker.ts';
import type { CapKind } from '../../guard/caps.ts';
import type { Price } from '../../guard/price.ts';
import { defaultTimeouts, type Timeouts } from '../../guard/resolved-target.ts';
import type { ModelPolicy } from '../../guard/policy.ts';
import type { RetryOptions } from '../../guard/resolved-target.ts';
import { isObject } from '../../shared/json.ts';
import { settingsLimits } from '../../shared/limits/settings-limits.ts';
import { SizeBudget } from '../../shared/size-budget.ts';
import { issuesAt } from '../../shared/zod-issues.ts';
import { placed, type Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Quirks } from '../dialects/quirks.ts';
import { baseUrlProblem, cutBaseUrl } from './base-url.ts';
import { dialectsOf, providerKind, type ProviderKind } from './catalogue.ts';
import type { Dialect } from './catalogue-row.ts';
import { customHeaderProblems, lowerNames, type CustomHeaders } from './custom-headers.ts';
import { parseDetails, type ParsedDetails } from './model-details.ts';
import { plaintextKeyIn } from './plaintext-key.ts';
import {
  capLimits,
  entrySchema,
  type BuiltInTool,
  type ParsedEntry,
  type SandboxBehaviour,
} from './provider-entry.ts';

/** One configured endpoint, with every default filled in. */
export interface ProviderConfig {
  readonly id: string;
  readonly kind: ProviderKind;
  /** The dialect of translated prompts. */
  readonly dialect: Dialect;
  readonly enabled: boolean;
  /** Without a slash or an endpoint at the end; undefined for kinds without an address. */
  readonly baseUrl: string | undefined;
  /** Scheme, host and port of the base URL. A key is bound to it. */
  readonly origin: string | undefined;
  readonly keyNeed: 'required' | 'optional' | 'none';
  /** The user's own headers of every request, names in lower case. */
  readonly headers: CustomHeaders['headers'];
  /** The user's own query parameters of every request. */
  readonly query: CustomHeaders['query'];
  /** The model ids that are offered. The user may call others if policy allows. */
  readonly models: readonly string[];
  /** What the user wrote about single models. */
  readonly details: ParsedDetails['details'];
  /** Mistakes in the entry that do not keep the provider from being used. */
  readonly warnings: readonly Wording[];
  readonly policy: ModelPolicy;
  readonly limits: Readonly<Partial<Record<CapKind, number>>>;
  readonly strictLimits: boolean;
  /** The limit of output tokens that is assumed for a call without one. */
  readonly assumedOutputTokens: number;
  readonly prices: Readonly<Record<string, Price>>;
  readonly unknownPriceAllowed: boolean;
  readonly timeouts: Timeouts;
  readonly retry: RetryOptions;
  readonly circuit: CircuitOptions;
  /** What the server needs that others do not. A member that is absent is learnt. */
  readonly quirks: { readonly [Quirk in keyof Quirks]?: Quirks[Quirk] | undefined };
  /** The tools of the provider that may name other servers or models. */
  readonly builtInTools: readonly BuiltInTool[];
  readonly sandbox: SandboxBehaviour;
}

/** A provider's entry that cannot be used: which part, and why. */
export interface BrokenProvider {
  readonly id: string;
  /** For example `openai.timeouts.connect: expected more than 0`. */
  readonly problems: readonly Wording[];
}

export interface Providers {
  readonly usable: ReadonlyMap<string, ProviderConfig>;
  readonly broken: readonly BrokenProvider[];
}

const milliseconds = 1_000;
const idPattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
/**
 * Reads the setting `callguard.providers`: an object of entries by provider id. A broken entry does not affect the
 * others. It is returned with the path and the reason of each problem.
 */
export function parseProviders(setting: unknown): Providers {
  const usable = new Map<string, ProviderConfig>();
  const broken = new Map<string, BrokenProvider>();
  const whole = setting ?? {};
  const place = 'callguard.providers';
  const breakAll = (problem: Wording) => {
    broken.set(place, { id: place, problems: [placed(place, problem)] });
  };
  if (!isObject(whole)) {
    breakAll((l10n) => l10n.t('must be an object with an entry for each provider'));
    return { usable, broken: [...broken.values()] };
  }
  const entries = Object.entries(whole);
  const budget = new SizeBudget(settingsLimits);
  for (const [id, entry] of entries.slice(0, settingsLimits.providers)) {
    const parsed = parseProvider(id, entry, budget);
    if ('problems' in parsed) broken.set(parsed.id, parsed);
    else usable.set(id, parsed);
  }
  if (entries.length > settingsLimits.providers) breakAll(tooMany(settingsLimits.providers));
  return { usable, broken: [...broken.values()] };
}

/** One entry of `callguard.providers`, and what all of them may have together. */
export function parseProvider(
  id: string,
  entry: unknown,
  budget = new SizeBudget(settingsLimits),
): ProviderConfig | BrokenProvider {
  const badId = idProblem(id);
  // A long one would hide what is wrong.
  if (id.length > settingsLimits.idChars && badId !== undefined)
    return { id: `${id.slice(0, settingsLimits.idChars)}…`, problems: [badId] };
  const problems = badId === undefined ? [] : [placed(id, badId)];
  const tooLarge = budget.refuse(entry);
  if (tooLarge !== undefined) return { id, problems: [...problems, placed(id, tooLarge)] };
  const stray = plaintextKeyIn(entry);
  if (stray !== undefined) {
    problems.push(
      placed(`${id}.${stray.field}`, (l10n) =>
        l10n.t('must not be in the settings; keys belong in the vault'),
      ),
    );
  }
  const parsed = entrySchema.safeParse(stray?.rest ?? entry);
  if (!parsed.success) return { id, problems: [...problems, ...issuesAt(id, parsed.error)] };
  const baseUrl = baseUrlOf(parsed.data);
  if (!baseUrl.ok) problems.push(placed(`${id}.baseUrl`, baseUrl.error));
  problems.push(...dialectProblems(parsed.data).map((problem) => placed(`${id}.dialect`, problem)));
  problems.push(...customHeaderProblems(parsed.data, id));
  return problems.length > 0 || !baseUrl.ok ? { id, problems } : configOf(id, parsed.data, baseUrl.value);
}

/** For a setting with more entries than are read. */
export function tooMany(most: number): Wording {
  return (l10n) => l10n.t('has more than {0} entries, and the others are not used', most);
}

/** Why `id` is not a valid provider id, or undefined. */
export function idProblem(id: string): Wording | undefined {
  if (idPattern.test(id)) return undefined;
  return (l10n) =>
    l10n.t(
      "a provider id must have 1 to 63 characters (a-z, 0-9, '.', '_' or '-') and begin with a letter or digit",
    );
}

function dialectProblems({ kind, dialect }: ParsedEntry): Wording[] {
  const spoken: readonly string[] = dialectsOf(kind);
  if (dialect === undefined || spoken.includes(dialect)) return [];
  return [(l10n) => l10n.t("is not supported; the kind '{0}' supports {1}", kind, spoken.join(', '))];
}

function baseUrlOf({ kind, baseUrl }: ParsedEntry): Result<string | undefined, Wording> {
  if (providerKind(kind).noAddress === true) return ok(undefined);
  const text = baseUrl ?? providerKind(kind).baseUrl;
  if (text === undefined) return err((l10n) => l10n.t("is required for the kind '{0}'", kind));
  const problem = baseUrlProblem(text);
  return problem === undefined ? ok(cutBaseUrl(text)) : err(problem);
}

function configOf(id: string, entry: ParsedEntry, baseUrl: string | undefined): ProviderConfig {
  const { dialect, key, local } = providerKind(entry.kind);
  const { strict, assumedOutputTokens, ...caps } = entry.limits;
  const details = parseDetails(entry.models.details, `${id}.models.details`);
  const ms = (value: number | undefined, otherwise: number) =>
    value === undefined ? otherwise : value * milliseconds;
  return {
    id,
    kind: entry.kind,
    dialect: entry.dialect ?? dialect,
    enabled: entry.enabled,
    baseUrl,
    origin: baseUrl === undefined ? undefined : new URL(baseUrl).origin,
    keyNeed: key,
    headers: lowerNames(entry.headers),
    query: entry.query,
    models: entry.kind === 'sandbox' && entry.models.list.length === 0 ? ['echo'] : entry.models.list,
    details: details.details,
    warnings: details.problems,
    policy: { allow: entry.models.allow, deny: entry.models.deny, default: entry.models.default },
    limits: capLimits(caps),
    strictLimits: strict,
    assumedOutputTokens,
    prices: Object.fromEntries(
      Object.entries(entry.prices).map(([model, price]) => [
        model,
        {
          inputUsdPerMillion: price.input,
          cachedInputUsdPerMillion: price.cachedInput ?? price.input,
          outputUsdPerMillion: price.output,
        },
      ]),
    ),
    unknownPriceAllowed: entry.unknownPrice === 'allow',
    timeouts: {
      connectMs: ms(entry.timeouts.connect, defaultTimeouts.connectMs),
      readMs: ms(entry.timeouts.read, defaultTimeouts.readMs),
      headersMs: ms(entry.timeouts.headers, local === true ? 300_000 : defaultTimeouts.headersMs),
      firstContentMs: ms(entry.timeouts.firstContent, defaultTimeouts.firstContentMs),
      callMs: ms(entry.timeouts.call, defaultTimeouts.callMs),
    },
    retry: {
      retries: entry.retry.retries,
      baseMs: entry.retry.base * milliseconds,
      capMs: entry.retry.cap * milliseconds,
      budgetShare: entry.retry.budgetShare,
      budgetFloor: entry.retry.budgetFloor,
    },
    circuit: {
      failures: entry.circuit.failures,
      cooldownMs: entry.circuit.cooldown * milliseconds,
      maxCooldownMs: entry.circuit.maxCooldown * milliseconds,
      leaseMs: defaultCircuitOptions.leaseMs,
    },
    quirks: entry.quirks,
    builtInTools: entry.builtInTools,
    sandbox: entry.sandbox,
  };
}
