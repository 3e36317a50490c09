import assert from 'node:assert/strict';
import { describeResult } from '../../../src/guard/describe-result.ts';
import type { CallResult } from '../../../src/guard/call-state.ts';
import { english } from '../../../src/shared/l10n.ts';
import { mute } from '../../support/languages.ts';

const target = { provider: 'acme', model: 'small' };
const failed: CallResult = {
  kind: 'failed',
  target,
  attempts: 3,
  timings: {},
  failure: { kind: 'connection', problem: (l10n) => l10n.t('there is no route to {0}', 'acme.example') },
  afterContent: false,
};
const refused: CallResult = {
  kind: 'refused',
  target,
  attempts: 0,
  refusal: { kind: 'promptSecret', what: (l10n) => l10n.t('{0} key', 'OpenAI') },
};

describe('describeResult', () => {
  it('words a result in English for the log', () => {
    assert.equal(
      describeResult(failed, 0)?.(english),
      'acme: the connection failed: there is no route to acme.example (3 attempts).',
    );
    assert.equal(
      describeResult(refused, 0)?.(english),
      'The prompt was not sent because it contains a secret: OpenAI key.',
    );
  });

  it('ends with one period, whether the provider wrote one or not', () => {
    for (const message of ['slow down', 'slow down.']) {
      const once: CallResult = { ...failed, attempts: 1, failure: { kind: 'http', status: 500, message } };
      assert.equal(describeResult(once, 0)?.(english), 'acme: HTTP 500: slow down.');
    }
  });

  it("shows the provider's request ID in words that a user can give to its support", () => {
    const failure = { kind: 'http', status: 500, message: 'no' } as const;
    const once: CallResult = { ...failed, attempts: 1, failure, requestId: 'req_1' };
    assert.equal(
      describeResult(once, 0)?.(english),
      "acme: HTTP 500: no. Request ID for the provider's support: req_1",
    );
  });

  it('words a result, including its reason, in the language of the user', () => {
    assert.equal(describeResult(failed, 0)?.(mute), 'acme: acme.example3.');
    assert.equal(describeResult(refused, 0)?.(mute), 'OpenAI');
  });

  it('returns nothing for a complete answer and for a cancelled call', () => {
    assert.equal(describeResult({ kind: 'aborted', target, attempts: 1 }, 0), undefined);
  });
});
