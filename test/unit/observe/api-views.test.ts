import assert from 'node:assert/strict';
import type { CallResult } from '../../../src/guard/call-state.ts';
import { chatView, testView, usageStatsView } from '../../../src/observe/api-views.ts';
import type { ProviderStatus, Status } from '../../../src/observe/status.ts';
import { english } from '../../../src/shared/l10n.ts';
import { provider } from '../../support/sender.ts';
import { noTotals } from '../../support/no-totals.ts';

const target = { provider: 'acme', model: 'small' };
const done: CallResult = {
  kind: 'done',
  target,
  attempts: 1,
  timings: { connectedMs: 1, headersMs: 2, firstContentMs: 3 },
  rateLimits: { 'x-ratelimit-limit': '9' },
  usage: {
    requests: 1,
    inputTokens: 12,
    cachedInputTokens: 2,
    outputTokens: 3,
    costMicroUsd: 45,
    estimated: false,
  },
};
const used = { ...noTotals, requests: 4, succeeded: 4, inputTokens: 40, outputTokens: 8, unknownCost: 4 };
const acme: ProviderStatus = {
  config: provider({ kind: 'openai' }),
  key: { kind: 'set', kid: 'k', origin: 'https://api.openai.com', redactedKey: '*********cdef' },
  circuit: { kind: 'forcedOpen', generation: 1 },
  paused: false,
  keyRejected: false,
  outOfCredit: false,
  rateLimitPauses: new Map(),
  today: used,
  caps: [
    {
      cap: { scope: { provider: 'acme' }, kind: 'requestsPerDay', limit: 8 },
      used: 4,
      held: 2,
    },
  ],
  lastOkMs: undefined,
  lastFailureMs: undefined,
  lastFailure: undefined,
};
const status: Status = { nowMs: 0, day: '2026-11-23', providers: [acme], today: used };

describe('the views of the exported API', () => {
  it('show the text, the target and the usage of an answer', () => {
    assert.deepEqual(chatView(done, 'Hi', undefined), {
      ok: true,
      text: 'Hi',
      servedBy: 'acme/small',
      usage: { inputTokens: 12, cachedInputTokens: 2, outputTokens: 3, costUsd: 0.000045, estimated: false },
    });
  });

  it('leave out an unknown cost instead of showing $0', () => {
    const seen = chatView({ ...done, usage: { ...done.usage, costMicroUsd: undefined } }, '', undefined);
    assert.ok(seen.ok && !('costUsd' in seen.usage));
  });

  it('show the kind and the message of a refusal, and when to try again', () => {
    const refusal = { kind: 'rest', provider: 'acme', model: 'small', retryAtMs: 5_000 } as const;
    assert.deepEqual(chatView({ kind: 'refused', target, attempts: 0, refusal }, '', 'It rests.'), {
      ok: false,
      kind: 'refused',
      reason: 'rest',
      message: 'It rests.',
      retryAtMs: 5_000,
      text: '',
    });
  });

  it('keep the text that came before a failure', () => {
    const failure = { kind: 'cut', problem: () => 'x' } as const;
    const seen = chatView(
      { kind: 'failed', target, attempts: 1, timings: {}, failure, afterContent: true },
      'Hel',
      'Cut.',
    );
    assert.deepEqual([seen.ok, seen.text, 'reason' in seen && seen.reason], [false, 'Hel', 'cut']);
  });

  it('show the counts of the day', () => {
    const counts = { requests: 4, inputTokens: 40, outputTokens: 8 };
    assert.deepEqual(usageStatsView(status), {
      day: '2026-11-23',
      total: counts,
      byProvider: { acme: counts },
    });
  });

  it('show times, usage, rate limits and advice for a test', () => {
    const good = testView(done, 'acme/small answered.', english);
    assert.deepEqual(
      [good.ok, good.connectedMs, good.firstContentMs, good.rateLimits, good.advice],
      [true, 1, 3, { 'x-ratelimit-limit': '9' }, undefined],
    );
    const refusal = { kind: 'paused', provider: 'acme' } as const;
    const bad = testView({ kind: 'refused', target, attempts: 0, refusal }, 'It is paused.', english);
    assert.deepEqual([bad.ok, bad.advice], [false, 'Use Callguard: Resume Provider.']);
  });
});
