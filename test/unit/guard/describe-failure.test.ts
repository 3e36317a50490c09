import assert from 'node:assert/strict';
import { defaultTimeouts, type DeadlineName } from '../../../src/guard/deadlines.ts';
import { describeFailure } from '../../../src/guard/describe-failure.ts';
import type { Failure } from '../../../src/guard/outcome.ts';

const message = 'what the provider said';
const problem = () => 'what went wrong';

describe('describeFailure', () => {
  const timers: Record<DeadlineName, string> = {
    connect: "no connection within 5 s (timeout 'connect')",
    headers: "no response within 120 s (timeout 'headers')",
    read: "no more data within 30 s (timeout 'read')",
    firstContent: "no content within 300 s (timeout 'firstContent')",
    call: "the call did not finish within 1800 s (timeout 'call')",
  };
  for (const [timer, words] of Object.entries(timers) as [DeadlineName, string][]) {
    it(`names the timer '${timer}' and its limit`, () => {
      assert.equal(describeFailure({ kind: 'timeout', timer }, defaultTimeouts), words);
    });
  }

  it('names a timer even if its limit is unknown', () => {
    assert.equal(describeFailure({ kind: 'timeout', timer: 'connect' }), "no connection (timeout 'connect')");
  });

  const others: [Failure, string][] = [
    [{ kind: 'connection', problem }, 'the connection failed: what went wrong'],
    [{ kind: 'offline', problem }, 'this machine seems to be offline: what went wrong'],
    [{ kind: 'http', status: 500, message }, 'HTTP 500: what the provider said'],
    [
      { kind: 'outOfCredit', status: 402, message },
      'credit or quota is used up (HTTP 402): what the provider said',
    ],
    [{ kind: 'cut', problem }, 'the response was cut off: what went wrong'],
    [
      { kind: 'errorEvent', message },
      'the provider sent an error in the middle of the response: what the provider said',
    ],
    [{ kind: 'unsendable', problem }, 'the request could not be sent: what went wrong'],
    [{ kind: 'declined', message }, 'the request was declined: what the provider said'],
    [{ kind: 'malformed', problem }, 'the response could not be read: what went wrong'],
    [
      { kind: 'redirect', status: 302, problem },
      'what went wrong (HTTP 302); redirects are not followed, to protect the key',
    ],
  ];
  for (const [failure, words] of others) {
    it(`words '${failure.kind}' with its reason`, () => {
      assert.equal(describeFailure(failure), words);
    });
  }

  const wordless: [Failure, string][] = [
    [{ kind: 'http', status: 502, message: '' }, 'HTTP 502'],
    [{ kind: 'outOfCredit', status: 402, message: '' }, 'credit or quota is used up (HTTP 402)'],
    [{ kind: 'errorEvent', message: '' }, 'the provider sent an error in the middle of the response'],
    [{ kind: 'declined', message: '' }, 'the request was declined'],
  ];
  for (const [failure, words] of wordless) {
    it(`words '${failure.kind}' without a message of the provider`, () => {
      assert.equal(describeFailure(failure), words);
    });
  }
});
