import type { CapKind } from '../guard/caps.ts';
import { describeRefusal, retryAtMs, type Refusal, type RefusalKind } from '../guard/refusal.ts';
import type { GatewayError } from './http/gateway-error.ts';

const answers: Readonly<Record<RefusalKind, { readonly status: number; readonly code: string }>> = {
  settings: { status: 404, code: 'provider_settings' },
  policy: { status: 403, code: 'policy' },
  circuit: { status: 503, code: 'circuit_open' },
  paused: { status: 503, code: 'paused' },
  rest: { status: 429, code: 'rest' },
  outOfCredit: { status: 429, code: 'out_of_credit' },
  cap: { status: 429, code: 'cap' },
  vault: { status: 503, code: 'vault' },
  origin: { status: 403, code: 'origin' },
  promptSecret: { status: 403, code: 'prompt_secret' },
  ledger: { status: 503, code: 'ledger' },
};

/** A refusal as an HTTP answer. */
export function refusalError(refusal: Refusal, nowMs: number): GatewayError {
  const atMs = retryAtMs(refusal);
  const waitMs = atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
  return {
    ...answers[refusal.kind],
    message: describeRefusal(refusal, nowMs),
    headers: {
      ...retryHeaders(waitMs, clearsByItself(refusal)),
      ...(refusal.kind === 'cap' ? capHeaders(refusal, waitMs) : {}),
    },
  };
}

/** The official clients wait at most this long. They ignore a longer `retry-after` and retry at once. */
const longestWaitMs = 60_000;

/**
 * `retry-after` in seconds (RFC 9110, 10.2.3), and `x-should-retry`. The latter stops the official clients of OpenAI
 * and Anthropic from retrying a refusal that lasts longer than they wait.
 */
export function retryHeaders(waitMs: number | undefined, isWorthIt: boolean): Record<string, string> {
  const soon = waitMs === undefined ? isWorthIt : waitMs < longestWaitMs;
  return {
    ...(waitMs === undefined ? {} : { 'retry-after': String(Math.ceil(waitMs / 1_000)) }),
    'x-should-retry': String(soon),
  };
}

/** Whether the refusal may end soon, although the time is unknown. */
function clearsByItself(refusal: Refusal): boolean {
  if (refusal.kind === 'circuit') return refusal.state === 'halfOpen';
  return refusal.kind === 'ledger' || (refusal.kind === 'cap' && refusal.cap.kind === 'callsAtOnce');
}

const units: Readonly<Record<CapKind, string>> = {
  requestsPerDay: 'requests',
  requestsPerMinute: 'requests',
  tokensPerDay: 'tokens',
  tokensPerMinute: 'tokens',
  usdPerDay: 'usd',
  usdPerMonth: 'usd',
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
