import assert from 'node:assert/strict';
import {
  describeStartProblem,
  describeStoredProblem,
  storedProblem,
  type StartProblem,
} from '../../../src/gateway/start-problem.ts';
import { english, type L10n } from '../../../src/shared/l10n.ts';

const capitals: L10n = { t: (message, ...values) => english.t(message.toUpperCase(), ...values) };

describe('describeStoredProblem', () => {
  const cases: readonly [StartProblem, words: string][] = [
    [
      { kind: 'portInUse', port: 22_557 },
      'Port 22557 is in use by another program. Choose another port in callguard.gateway.port.',
    ],
    [
      { kind: 'cannotListen', port: 22_557, reason: 'EACCES' },
      'The gateway cannot listen on port 22557: EACCES',
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
