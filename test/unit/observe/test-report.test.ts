import assert from 'node:assert/strict';
import type { CallResult } from '../../../src/guard/call-state.ts';
import type { Failure } from '../../../src/guard/outcome.ts';
import { adviceFor } from '../../../src/observe/advice.ts';
import { testReport } from '../../../src/observe/test-report.ts';
import { english } from '../../../src/shared/l10n.ts';

const target = { provider: 'acme', model: 'small' };
const done: CallResult = {
  kind: 'done',
  target,
  attempts: 1,
  timings: { connectedMs: 12.4, headersMs: 80, firstContentMs: 95 },
  rateLimits: { 'x-ratelimit-remaining-requests': '59' },
  usage: {
    requests: 1,
    inputTokens: 12,
    cachedInputTokens: 2,
    outputTokens: 3,
    costMicroUsd: 45,
    estimated: false,
  },
};
const failed = (failure: Failure): CallResult => ({
  kind: 'failed',
  target,
  attempts: 3,
  timings: { connectedMs: 5 },
  failure,
  afterContent: false,
});
const known = { address: 'OpenAI, https://example.com/v1', key: '*********cdef', problem: undefined };

describe('testReport', () => {
  it('shows key, times, model, usage, cost and rate limits of an answer', () => {
    const report = testReport(done, known, english);
    for (const line of [
      /# acme answered/,
      /\| Key \| (\\\*){9}cdef \|/,
      /\| Model \| acme\/small \|/,
      /\| Connected after \| 12 ms \|/,
      /\| Headers after \| 80 ms \|/,
      /\| First content after \| 95 ms \|/,
      /\| Tokens \| 12 in \(2 cached\), 3 out \|/,
      /\| Cost \| \$0\.000045 \|/,
      /\| x-ratelimit-remaining-requests \| 59 \|/,
    ]) {
      assert.match(report, line);
    }
    assert.doesNotMatch(report, /What to do/);
  });

  it('shows an unknown cost as unknown, never as $0', () => {
    const free = { ...done, usage: { ...done.usage, costMicroUsd: undefined } };
    assert.match(testReport(free, known, english), /Cost \| unknown/);
  });

  it('shows the cause of a failure and one thing to do', () => {
    const result = failed({ kind: 'http', status: 401, message: 'no' });
    const report = testReport(result, { ...known, problem: 'acme: HTTP 401: no.' }, english);
    assert.match(report, /# acme did not answer/);
    assert.match(report, /\*\*Why:\*\* acme: HTTP 401: no\./);
    assert.match(report, /\*\*What to do:\*\* Use Callguard: Replace Key\./);
    assert.match(report, /\| Headers after \| not reached \|/);
  });

  it("shows the provider's error code and request ID, and where a cost comes from", () => {
    const failure = {
      kind: 'http',
      status: 400,
      message: 'no',
      code: 'too_long',
      requestId: 'req_1',
    } as const;
    const report = testReport({ ...failed(failure), requestId: 'req_1' } as CallResult, known, english);
    assert.match(report, /\| Provider's error code \| too\\_long \|/);
    assert.match(report, /\| Provider's request ID \| req\\_1 \|/);
    const answered = testReport({ ...done, requestId: 'req_2', costSource: 'provider' }, known, english);
    assert.match(answered, /\| Provider's request ID \| req\\_2 \|/);
    assert.match(answered, /\| Cost \| \$0\.000045, reported by the provider \|/);
  });

  it('shows the quirks of the provider, and those that were learnt', () => {
    const report = testReport(
      { ...done, learntQuirks: { streamOptions: false } },
      { ...known, quirks: { outputLimit: 'max_completion_tokens' } },
      english,
    );
    assert.match(report, /\| Quirks \| outputLimit: max\\_completion\\_tokens \|/);
    assert.match(report, /\| Quirks learnt from its errors \| streamOptions: false \|/);
    assert.doesNotMatch(testReport(done, { ...known, quirks: {} }, english), /Quirks/);
  });

  it("escapes Markdown in a provider's message", () => {
    const report = testReport(
      done,
      { ...known, problem: 'see [here](command:evil) | <b>\n# not a heading' },
      english,
    );
    assert.match(report, /see \\\[here\\\]\(command:evil\) \\\| \\<b\\> # not a heading/);
    assert.doesNotMatch(report, /^# not/m);
  });

  it('shows hidden and reordering characters of a name', () => {
    const turned = { ...done, target: { provider: 'acme', model: 'a\u202Eb\u2028c' } };
    assert.match(
      testReport(turned, known, english),
      /\| Model \| acme\/a\\\[U\+202E\\\]b\\\[U\+2028\\\]c \|/,
    );
  });
});

describe('adviceFor', () => {
  const problem = () => 'it went wrong';
  for (const [failure, advice] of [
    [{ kind: 'offline', problem }, /network/],
    [{ kind: 'timeout', timer: 'connect' }, /timeouts\.connect of acme/],
    [{ kind: 'http', status: 404, message: '' }, /model ID/],
    [{ kind: 'http', status: 503, message: '' }, /Test again/],
    [{ kind: 'outOfCredit', status: 402, message: '' }, /Top up/],
    [{ kind: 'declined', message: '' }, /a provider other than acme/],
    [{ kind: 'malformed', problem }, /kind and the base URL/],
  ] as const satisfies readonly (readonly [Failure, RegExp])[]) {
    it(`is one thing to do after ${JSON.stringify(failure)}`, () => {
      assert.match(adviceFor(failed(failure)) ?? '', advice);
    });
  }

  it('leaves the advice to the vault, because a new key does not fix a ring file', () => {
    const problem = () => 'The key ring file cannot be used. Restore it from a backup.';
    const refusal = { kind: 'vault', provider: 'acme', problem } as const;
    const refused = { kind: 'refused', target: done.target, refusal, attempts: 0 } as const;
    assert.match(adviceFor(refused) ?? '', /^Follow the instructions in the message/);
  });

  it('is undefined after an answer', () => {
    assert.equal(adviceFor(done), undefined);
  });
});
