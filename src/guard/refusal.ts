import { assertNever } from '../shared/result.ts';
import type { CircuitRefusal } from './breaker.ts';
import type { Cap, CapKind, CapRefusal, CapScope } from './caps.ts';
import type { PolicyDenial } from './policy.ts';

/** The guard's own 'no'. It costs no network and no cap, and never counts as a failure of the provider. */
export type Refusal =
  | { readonly kind: 'settings'; readonly provider: string; readonly problem: string }
  | {
      readonly kind: 'policy';
      readonly provider: string;
      readonly model: string;
      readonly denial: PolicyDenial;
    }
  | ({ readonly kind: 'circuit'; readonly provider: string } & CircuitRefusal)
  | { readonly kind: 'paused'; readonly provider: string }
  | { readonly kind: 'rest'; readonly provider: string; readonly model: string; readonly retryAtMs: number }
  | { readonly kind: 'outOfCredit'; readonly provider: string }
  | ({ readonly kind: 'cap'; readonly provider: string } & CapRefusal)
  | { readonly kind: 'vault'; readonly provider: string; readonly problem: string }
  | { readonly kind: 'origin'; readonly provider: string; readonly approved: string; readonly asked: string }
  | { readonly kind: 'promptSecret'; readonly what: string }
  | { readonly kind: 'ledger'; readonly problem: string };

export type RefusalKind = Refusal['kind'];

/** Whether a route goes on to its next target: another provider may have what this one lacks. */
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

/** When the same call may be let in, in wall-clock milliseconds; undefined when nobody can tell. */
export function retryAtMs(refusal: Refusal): number | undefined {
  switch (refusal.kind) {
    case 'circuit':
    case 'rest':
      return refusal.retryAtMs;
    case 'cap':
      return refusal.resetsAtMs;
    default:
      return undefined;
  }
}

/**
 * What happened, to which provider, and what to do, in one or two plain sentences. The only place where a refusal
 * is worded. `nowMs` turns times into what is left of them.
 */
export function describeRefusal(refusal: Refusal, nowMs: number): string {
  switch (refusal.kind) {
    case 'settings':
      return `${refusal.provider}: ${refusal.problem}`;
    case 'policy':
      return describeDenial(refusal.provider, refusal.model, refusal.denial);
    case 'circuit':
      return describeCircuit(refusal.provider, refusal, nowMs);
    case 'paused':
      return `${refusal.provider} is paused. Resume it to send requests.`;
    case 'rest':
      return `${refusal.provider} asked for a pause (429). ${refusal.model} rests ${inTime(refusal.retryAtMs, nowMs)}.`;
    case 'outOfCredit':
      return `${refusal.provider} says that credit or quota is used up. Top it up there, then reset its circuit.`;
    case 'cap':
      return describeCap(refusal, nowMs);
    case 'vault':
      return `${refusal.provider}: ${refusal.problem}`;
    case 'origin':
      return (
        `The key of ${refusal.provider} was approved for ${refusal.approved}, but its base URL now points to ` +
        `${refusal.asked}. Confirm the new address or enter the key again.`
      );
    case 'promptSecret':
      return `The prompt was not sent: it contains ${refusal.what}.`;
    case 'ledger':
      return `The ledger cannot be written, so nothing is sent uncounted: ${refusal.problem}`;
    default:
      return assertNever(refusal);
  }
}

function describeDenial(provider: string, model: string, denial: PolicyDenial): string {
  const name = `${provider}/${model}`;
  switch (denial.rule) {
    case 'deny':
      return `${name} is denied by the pattern '${denial.pattern}' in the provider's models.deny.`;
    case 'notAllowed':
      return `${name} is not in the provider's models.allow.`;
    case 'default':
      return `${name} is in no list of the provider, and its models.default is 'deny'.`;
    case 'workspace':
      return `${name} is not among the models that this workspace allows (callguard.workspace.models).`;
    default:
      return assertNever(denial);
  }
}

function describeCircuit(provider: string, refusal: CircuitRefusal, nowMs: number): string {
  switch (refusal.state) {
    case 'tripped':
      return `${provider} was taken out of service by hand. Reset its circuit to send requests.`;
    case 'halfOpen':
      return `${provider} is being tried with one probe after repeated failures. Wait for its result.`;
    case 'open': {
      const when =
        refusal.retryAtMs === undefined ? '' : ` It is tried again ${inTime(refusal.retryAtMs, nowMs)}.`;
      return `${provider} failed repeatedly, so its circuit is open.${when}`;
    }
    default:
      return assertNever(refusal.state);
  }
}

function describeCap(refusal: Refusal & { kind: 'cap' }, nowMs: number): string {
  const { cap, used, held } = refusal;
  const whose = `The cap of ${describeLimit(cap)} for ${describeScope(cap.scope)}`;
  if (refusal.unknownPrice === true) {
    return `${whose} cannot be kept: the model has no known price. Enter one, or allow unknown prices.`;
  }
  const holds = held > 0 ? `, ${formatAmount(cap.kind, held)} held by calls under way` : '';
  const resets =
    refusal.resetsAtMs === undefined ? '' : ` There is room again ${inTime(refusal.resetsAtMs, nowMs)}.`;
  return `${whose} leaves no room for this call: ${formatAmount(cap.kind, used)} used${holds}.${resets}`;
}

const capUnits: Readonly<Record<CapKind, string>> = {
  requestsPerDay: 'requests a day',
  tokensPerDay: 'tokens a day',
  usdPerDay: 'a day',
  usdPerMonth: 'a month',
  requestsPerMinute: 'requests a minute',
  tokensPerMinute: 'tokens a minute',
  callsAtOnce: 'calls at once',
};

/** '100 requests a day', '$5.00 a month'. */
export function describeLimit(cap: Cap): string {
  return `${formatAmount(cap.kind, cap.limit)} ${capUnits[cap.kind]}`;
}

/** Whose cap it is, in words: 'tenant work on openai'. */
export function describeScope(scope: CapScope): string {
  const what =
    scope.model !== undefined
      ? [scope.provider, scope.model].filter((name) => name !== undefined).join('/')
      : scope.provider;
  if (scope.tenant === undefined) return what ?? 'all calls';
  return what === undefined ? `tenant ${scope.tenant}` : `tenant ${scope.tenant} on ${what}`;
}

/** A number of a cap in its unit: '1,200', or '$0.35' for micro-dollars. */
export function formatAmount(kind: CapKind, value: number): string {
  if (kind === 'usdPerDay' || kind === 'usdPerMonth') return `$${(value / 1e6).toFixed(2)}`;
  return value.toLocaleString('en-US');
}

/** 'in 45 s', 'in 3 min', 'in 5 h 10 min'. */
function inTime(atMs: number, nowMs: number): string {
  const seconds = Math.max(1, Math.ceil((atMs - nowMs) / 1000));
  if (seconds < 100) return `in ${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return `in ${minutes} min`;
  return `in ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
