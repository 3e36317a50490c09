import { isFinal } from '../../guard/call-state.ts';
import type { CapKind } from '../../guard/caps.ts';
import { describeRefusal, retryAtMs, type Refusal, type RefusalKind } from '../../guard/refusal.ts';
import type { GatewayError } from '../http/gateway-error.ts';
import type { CapStatus } from './cap-status.ts';
import type { ToolStatuses } from '../tool-statuses.ts';

/** What decides about the status of a refusal. Its code is always the same. */
export interface StatusRules {
  /** What the client's tool shows, if it was measured. */
  readonly tool: ToolStatuses | undefined;
  readonly capStatus: CapStatus;
}

const codes: Readonly<Record<RefusalKind, string>> = {
  settings: 'provider_settings',
  policy: 'policy',
  circuit: 'circuit_open',
  paused: 'paused',
  rest: 'rest',
  outOfCredit: 'out_of_credit',
  cap: 'cap',
  vault: 'vault',
  origin: 'origin',
  promptSecret: 'prompt_secret',
  ledger: 'ledger',
};

/** A tool that was measured may get another status. */
const tooSmall = { status: 400, code: 'cap_too_small' } as const;

/**
 * How a refusal ends. `soon`: by itself, and a client may wait for it. `later`: by itself, but not within the time that
 * clients wait. `never`: a user has to do something. `credit`: the same, with money.
 */
type Ending = 'soon' | 'later' | 'never' | 'credit';

/** A refusal as an HTTP answer. A client that has waited in vain for a rate limit is not asked to wait again. */
export function refusalError(
  refusal: Refusal,
  nowMs: number,
  rules: StatusRules,
  hasWaited = false,
): GatewayError {
  const atMs = retryAtMs(refusal);
  const waitMs = atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
  const ending = hasWaited ? 'later' : endingOf(refusal, waitMs);
  const status = statusOf(refusal, ending, rules);
  // A client that gets another status is not to repeat the request.
  const isSoon = (status === 429 || status === 503) && ending === 'soon';
  return {
    ...(refusal.kind === 'cap' && refusal.tooSmall === true ? tooSmall : { code: codes[refusal.kind] }),
    status,
    message: describeRefusal(refusal, nowMs),
    ...(refusal.kind === 'rest' ? { provider: { code: refusal.code, requestId: refusal.requestId } } : {}),
    headers: {
      ...retryHeaders(waitMs, isSoon),
      ...(refusal.kind === 'cap' ? capHeaders(refusal, waitMs) : {}),
    },
  };
}

function endingOf(refusal: Refusal, waitMs: number | undefined): Ending {
  if (refusal.kind === 'outOfCredit') return 'credit';
  if (isFinal(refusal)) return 'never';
  if (refusal.kind === 'ledger') return 'soon';
  const isBrief =
    (refusal.kind === 'circuit' && refusal.state === 'halfOpen') ||
    (refusal.kind === 'cap' && refusal.cap.kind === 'callsAtOnce');
  return isBrief ? 'soon' : endingAfter(waitMs);
}

function statusOf(refusal: Refusal, ending: Ending, rules: StatusRules): number {
  if (ending === 'credit') return 402;
  if (ending === 'never') return rules.tool?.final ?? 400;
  if (refusal.kind === 'cap' || refusal.kind === 'rest') return ending === 'soon' ? 429 : limitStatus(rules);
  return rules.tool?.passing ?? 503;
}

/** The status of a limit that a client cannot wait for. */
export function limitStatus({ tool, capStatus }: StatusRules): number {
  return capStatus === 'auto' ? (tool?.cap ?? 429) : Number(capStatus);
}

/** The official clients wait at most this long. They ignore a longer `retry-after` and retry at once. */
export const longestWaitMs = 60_000;

function endingAfter(waitMs: number | undefined): Ending {
  return waitMs !== undefined && waitMs <= longestWaitMs ? 'soon' : 'later';
}

/**
 * `retry-after` in seconds (RFC 9110, 10.2.3), only where waiting helps: agents keep silent for as long as it says. And
 * `x-should-retry`, which the official clients of OpenAI and Anthropic obey.
 */
export function retryHeaders(waitMs: number | undefined, isSoon: boolean): Record<string, string> {
  if (!isSoon) return { 'x-should-retry': 'false' };
  return {
    ...(waitMs === undefined ? {} : { 'retry-after': String(Math.ceil(waitMs / 1_000)) }),
    'x-should-retry': 'true',
  };
}

const units: Readonly<Record<CapKind, string>> = {
  requestsPerDay: 'requests',
  requestsPerMinute: 'requests',
  tokensPerDay: 'tokens',
  tokensPerMinute: 'tokens',
  usdPerDay: 'usd',
  usdPerMonth: 'usd',
  usdPerSession: 'usd',
  tokensPerSession: 'tokens',
  callsAtOnce: 'calls',
};

/** The names are OpenAI's (guide 'Rate limits'). */
function capHeaders(
  { cap, used, held }: Refusal & { kind: 'cap' },
  waitMs: number | undefined,
): Record<string, string> {
  const unit = units[cap.kind];
  const inUnit = (amount: number) => String(unit === 'usd' ? amount / 1e6 : amount);
  return {
    [`x-ratelimit-limit-${unit}`]: inUnit(cap.limit),
    [`x-ratelimit-remaining-${unit}`]: inUnit(Math.max(0, cap.limit - used - held)),
    ...(waitMs === undefined ? {} : { [`x-ratelimit-reset-${unit}`]: `${Math.ceil(waitMs / 1_000)}s` }),
  };
}
