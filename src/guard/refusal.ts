import { english, formatNumber, formatUsd, type L10n, type Wording } from '../shared/l10n.ts';
import { assertNever } from '../shared/result.ts';
import type { CircuitRefusal } from './breaker.ts';
import type { Cap, CapKind, CapRefusal, CapScope } from './caps.ts';
import type { ErrorReference } from './outcome.ts';
import type { PolicyDenial } from './policy.ts';

/** The guard refuses a call. That uses no network and no cap and never counts as a failure of the provider. */
export type Refusal =
  /** The problem is in the words of the settings. */
  | { readonly kind: 'settings'; readonly provider: string; readonly problem: Wording }
  | {
      readonly kind: 'policy';
      readonly provider: string;
      readonly model: string;
      readonly denial: PolicyDenial;
    }
  | ({ readonly kind: 'circuit'; readonly provider: string } & CircuitRefusal)
  | { readonly kind: 'paused'; readonly provider: string }
  | ({
      readonly kind: 'rest';
      readonly provider: string;
      readonly model: string;
      readonly retryAtMs: number;
    } & ErrorReference)
  | { readonly kind: 'outOfCredit'; readonly provider: string }
  | ({ readonly kind: 'cap'; readonly provider: string } & CapRefusal)
  /** The problem is in the words of the vault. */
  | { readonly kind: 'vault'; readonly provider: string; readonly problem: Wording }
  | { readonly kind: 'origin'; readonly provider: string; readonly approved: string; readonly asked: string }
  | { readonly kind: 'promptSecret'; readonly what: Wording }
  | { readonly kind: 'ledger'; readonly problem: string };

export type RefusalKind = Refusal['kind'];

/** Whether a route tries its next target, because another provider may not have this problem. */
export function allowsNextTarget(refusal: Refusal): boolean {
  switch (refusal.kind) {
    case 'circuit':
    case 'paused':
    case 'rest':
    case 'outOfCredit':
    case 'cap':
      return true;
    case 'settings':
    case 'policy':
    case 'vault':
    case 'origin':
    case 'promptSecret':
    case 'ledger':
      return false;
    default:
      return assertNever(refusal);
  }
}

/** When the same call may be admitted, in wall-clock milliseconds. Undefined if that is unknown. */
export function retryAtMs(refusal: Refusal): number | undefined {
  switch (refusal.kind) {
    case 'circuit':
    case 'rest':
      return refusal.retryAtMs;
    case 'cap':
      return refusal.tooSmall === true ? undefined : refusal.resetsAtMs;
    default:
      return undefined;
  }
}

/**
 * What happened, to which provider, and what to do, in one or two sentences. The only place that words a refusal.
 * `nowMs` is needed for the remaining times.
 */
export function describeRefusal(refusal: Refusal, nowMs: number, l10n: L10n = english): string {
  switch (refusal.kind) {
    case 'settings':
    case 'vault':
      return `${refusal.provider}: ${refusal.problem(l10n)}`;
    case 'policy':
      return describeDenial(`${refusal.provider}/${refusal.model}`, refusal.denial, l10n);
    case 'circuit':
      return describeCircuit(refusal.provider, refusal, nowMs, l10n);
    case 'paused':
      return l10n.t('{0} is paused. Resume it to send requests.', refusal.provider);
    case 'rest':
      return l10n.t(
        '{0} is rate limiting {1} (HTTP 429{2}). Try again {3}.',
        refusal.provider,
        refusal.model,
        refusal.code === undefined ? '' : `, ${refusal.code}`,
        inTime(refusal.retryAtMs, nowMs, l10n),
      );
    case 'outOfCredit':
      return l10n.t(
        '{0} reports that your credit or quota is used up. Top up your account, then reset the circuit.',
        refusal.provider,
      );
    case 'cap':
      return describeCap(refusal, nowMs, l10n);
    case 'origin':
      return l10n.t(
        'The key of {0} was approved for {1}, but the base URL now points to {2}. Confirm the new address or enter the key again.',
        refusal.provider,
        refusal.approved,
        refusal.asked,
      );
    case 'promptSecret':
      return l10n.t('The prompt was not sent because it contains a secret: {0}.', refusal.what(l10n));
    case 'ledger':
      return l10n.t('The request was not sent because the ledger cannot be used: {0}', refusal.problem);
    default:
      return assertNever(refusal);
  }
}

function describeDenial(name: string, denial: PolicyDenial, l10n: L10n): string {
  switch (denial.rule) {
    case 'oddName':
      return l10n.t('{0} is not a valid model name. Spell it as the provider does.', name);
    case 'deny':
      return l10n.t(
        "{0} is denied by the pattern '{1}' in the provider's models.deny.",
        name,
        denial.pattern,
      );
    case 'notAllowed':
      return l10n.t("{0} is not in the provider's models.allow.", name);
    case 'default':
      return l10n.t(
        "{0} is denied: the provider's models.allow is empty, and its models.default is 'deny'.",
        name,
      );
    case 'workspace':
      return l10n.t('This workspace does not allow {0} (callguard.workspace.models).', name);
    case 'token':
      return l10n.t('The gateway token does not allow {0}. Use a model of its list.', denial.asked ?? name);
    default:
      return assertNever(denial);
  }
}

function describeCircuit(provider: string, refusal: CircuitRefusal, nowMs: number, l10n: L10n): string {
  switch (refusal.state) {
    case 'forcedOpen':
      return l10n.t('The circuit of {0} was forced open. Reset it to send requests.', provider);
    case 'halfOpen':
      return l10n.t(
        '{0} failed repeatedly and is being tested with one probe. Wait for the result.',
        provider,
      );
    case 'open': {
      const open = l10n.t('{0} failed repeatedly, so its circuit is open.', provider);
      if (refusal.retryAtMs === undefined) return open;
      return `${open} ${l10n.t('Try again {0}.', inTime(refusal.retryAtMs, nowMs, l10n))}`;
    }
    default:
      return assertNever(refusal.state);
  }
}

function describeCap(refusal: Refusal & { kind: 'cap' }, nowMs: number, l10n: L10n): string {
  const { cap, used, held } = refusal;
  const whose = [describeLimit(cap, l10n), describeScope(cap.scope, l10n)] as const;
  if (refusal.unknownPrice === true) {
    return l10n.t(
      "The cap of {0} for {1} cannot be enforced because the price of the model is unknown. Add it to the provider's prices, or set unknownPrice to 'allow'.",
      ...whose,
    );
  }
  if (refusal.tooSmall === true) {
    return l10n.t(
      'This call alone may need more than the cap of {0} for {1} allows. Send less, set a lower limit of output tokens, or raise the cap.',
      ...whose,
    );
  }
  const amount = formatAmount(cap.kind, used, l10n);
  const full =
    held > 0
      ? l10n.t(
          'This call would exceed the cap of {0} for {1}: {2} used, {3} reserved by calls in progress.',
          ...whose,
          amount,
          formatAmount(cap.kind, held, l10n),
        )
      : l10n.t('This call would exceed the cap of {0} for {1}: {2} used.', ...whose, amount);
  if (cap.scope.session !== undefined) return `${full} ${l10n.t('Start a new session, or raise the cap.')}`;
  if (refusal.resetsAtMs === undefined) return full;
  return `${full} ${l10n.t('Try again {0}.', inTime(refusal.resetsAtMs, nowMs, l10n))}`;
}

/** '100 requests a day', '$5.00 a month'. */
export function describeLimit({ kind, limit }: Cap, l10n: L10n = english): string {
  const amount = formatAmount(kind, limit, l10n);
  switch (kind) {
    case 'requestsPerDay':
      return l10n.t('{0} requests a day', amount);
    case 'tokensPerDay':
      return l10n.t('{0} tokens a day', amount);
    case 'usdPerDay':
      return l10n.t('{0} a day', amount);
    case 'usdPerMonth':
      return l10n.t('{0} a month', amount);
    case 'usdPerSession':
      return l10n.t('{0} a session', amount);
    case 'tokensPerSession':
      return l10n.t('{0} tokens a session', amount);
    case 'requestsPerMinute':
      return l10n.t('{0} requests a minute', amount);
    case 'tokensPerMinute':
      return l10n.t('{0} tokens a minute', amount);
    case 'callsAtOnce':
      return l10n.t('{0} calls at once', amount);
    default:
      return assertNever(kind);
  }
}

/** The scope of a cap, for example 'tenant work on openai'. */
export function describeScope(scope: CapScope, l10n: L10n = english): string {
  if (scope.token !== undefined) return l10n.t("the token '{0}'", scope.token.name);
  if (scope.session !== undefined) return l10n.t('this session');
  const what =
    scope.model !== undefined
      ? [scope.provider, scope.model].filter((name) => name !== undefined).join('/')
      : scope.provider;
  if (scope.tenant === undefined) return what ?? l10n.t('all calls');
  return what === undefined
    ? l10n.t('tenant {0}', scope.tenant)
    : l10n.t('tenant {0} on {1}', scope.tenant, what);
}

/** A figure of a cap in its unit: '1,200', or '$0.35' for micro-dollars. */
export function formatAmount(kind: CapKind, value: number, l10n: L10n = english): string {
  return kind.startsWith('usd') ? formatUsd(value / 1e6, l10n) : formatNumber(value, l10n);
}

/** 'in 45 s', 'in 3 min', 'in 5 h 10 min'. */
function inTime(atMs: number, nowMs: number, l10n: L10n): string {
  const seconds = Math.max(1, Math.ceil((atMs - nowMs) / 1000));
  if (seconds < 100) return l10n.t('in {0} s', seconds);
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return l10n.t('in {0} min', minutes);
  return l10n.t('in {0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
