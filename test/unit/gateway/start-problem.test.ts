import assert from 'node:assert/strict';
import {
  describeStartProblem,
  describeStoredProblem,
  startProblemOf,
  storedProblem,
  type StartProblem,
} from '../../../src/gateway/start-problem.ts';
import { english, type L10n } from '../../../src/shared/l10n.ts';

const capitals: L10n = { t: (message, ...values) => english.t(message.toUpperCase(), ...values) };

describe('startProblemOf', () => {
  const listenError = (code: string) =>
    Object.assign(new Error(`listen ${code}: as the system answers 127.0.0.1:22557`), { code });

  // EACCES: Windows has reserved the port for Hyper-V.
  for (const code of ['EADDRINUSE', 'EACCES']) {
    it(`advises to choose another port after ${code}`, () => {
      const problem = startProblemOf(listenError(code), 22_557);
      assert.deepEqual(problem, { kind: 'portInUse', port: 22_557 });
      assert.match(describeStartProblem(problem), /Choose another port in callguard\.gateway\.port/);
    });
  }

  it('has the reason of any other error', () => {
    const error = listenError('EMFILE');
    assert.deepEqual(startProblemOf(error, 22_557), {
      kind: 'cannotListen',
      port: 22_557,
      reason: error.message,
    });
  });
});

describe('describeStoredProblem', () => {
  const cases: readonly [StartProblem, words: string][] = [
    [
      { kind: 'portInUse', port: 22_557 },
      'Port 22557 is in use by another program or reserved by the system. Choose another port in callguard.gateway.port.',
    ],
    [
      { kind: 'cannotListen', port: 22_557, reason: 'EMFILE' },
      'The gateway cannot listen on port 22557: EMFILE',
    ],
  ];
  for (const [problem, words] of cases) {
    it(`words ${problem.kind} in the language of the window`, () => {
      assert.equal(describeStartProblem(problem), words);
      assert.equal(describeStoredProblem(storedProblem(problem), capitals), words.toUpperCase());
    });
  }

  for (const stored of ['Port 1 is in use.', '{"kind":"another"}', '']) {
    it(`returns ${JSON.stringify(stored)} of an unknown version as it is stored`, () => {
      assert.equal(describeStoredProblem(stored, english), stored);
    });
  }
});
