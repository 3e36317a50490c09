import { defaultCircuitOptions } from '../../../src/guard/breaker.ts';
import type { Cap, CapKind, CapScope } from '../../../src/guard/caps.ts';
import type {
  Admission,
  AdmitRequest,
  CallRecord,
  Settlement,
  Usage,
} from '../../../src/guard/ledger-port.ts';
import type { Consequence, ErrorReference, Outcome } from '../../../src/guard/outcome.ts';

export { testAuditKey as auditKey } from '../../support/open-ledger.ts';

export const price = { inputUsdPerMillion: 1, cachedInputUsdPerMillion: 1, outputUsdPerMillion: 2 };

/** 100 tokens in, 50 out, 200 micro-dollars. */
export function request(changes: Partial<AdmitRequest> = {}): AdmitRequest {
  return {
    callId: 'call-1',
    tenant: 'default',
    target: { provider: 'acme', model: 'small' },
    demand: {
      inputTokens: 100,
      maxOutputTokens: 50,
      assumedOutputTokens: 4_096,
      price,
      unknownPriceAllowed: false,
      strict: false,
    },
    caps: [],
    circuit: defaultCircuitOptions,
    configFingerprint: 'set-up 1',
    ...changes,
  };
}

export function capOf(kind: CapKind, limit: number, scope: CapScope = {}): Cap {
  return { kind, limit, scope };
}

export function used(changes: Partial<Usage> = {}): Usage {
  return {
    requests: 1,
    inputTokens: 80,
    cachedInputTokens: 20,
    outputTokens: 30,
    costMicroUsd: 140,
    estimated: false,
    ...changes,
  };
}

export function completed(usage = used()): Settlement {
  return { usage, outcome: { kind: 'complete' }, breakerVerdict: 'success' };
}

export function failed(outcome: Outcome = { kind: 'http', status: 500, message: 'no' }): Settlement {
  return { usage: used({ requests: 1 }), outcome, breakerVerdict: 'failure' };
}

export function pauseFor(forMs: number, said: ErrorReference = {}): Consequence {
  return { kind: 'rateLimitPause', forMs, ...said };
}

export function recordOf(admission: Admission, usage = used()): CallRecord {
  const { request: asked } = admission;
  return {
    callId: asked.callId,
    tenant: asked.tenant,
    frontDoor: 'ask',
    ...asked.target,
    outcome: 'done',
    attempts: 1,
    retries: 0,
    status: 200,
    usage,
    headersMs: 10,
    firstContentMs: 20,
    totalMs: 30,
  };
}
