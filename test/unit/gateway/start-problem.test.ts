import assert from 'node:assert/strict';
import {
  describeStartProblem,
  describeStoredProblem,
  storedProblem,
  type StartProblem,
} from '../../../src/gateway/start-problem.ts';
import { english, type L10n } from '../../../src/shared/l10n.ts';

const capitals: L10n = { t: (message, ...values) => english.t(message.toUpperCase(), ...values) };

describe('why the gateway cannot be served', () => {
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
    it(`is said of ${problem.kind}, by each window in the language of its person`, () => {
      assert.equal(describeStartProblem(problem), words);
      assert.equal(describeStoredProblem(storedProblem(problem), capitals), words.toUpperCase());
    });
  }

  for (const stored of ['Port 1 is in use.', '{"kind":"another"}', '']) {
    it(`is shown as it stands where it is ${JSON.stringify(stored)}, of another version`, () => {
      assert.equal(describeStoredProblem(stored, english), stored);
    });
  }
});
