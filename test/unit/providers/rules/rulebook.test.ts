import assert from 'node:assert/strict';
import {
  parseLimitRules,
  parseWorkspaceLimits,
  parseWorkspaceModels,
} from '../../../../src/providers/rules/rulebook.ts';
import { inEnglish } from '../../../support/languages.ts';

describe('settings of limits and models that cannot be read', () => {
  it('break the one rule they are in, and are named with their place', () => {
    const { rules: good, problems } = parseLimitRules([{ requestsPerDay: 1 }, { requestsPerDay: -1 }, 7]);
    assert.equal(good.length, 1);
    assert.deepEqual(
      inEnglish(problems).map((problem) => problem.split(':')[0]),
      ['callguard.limits.1.requestsPerDay', 'callguard.limits.2'],
    );
    assert.equal(parseLimitRules({}).problems.length, 1);
  });

  it('allow no model when a workspace wanted to restrict them', () => {
    const { lists, problems } = parseWorkspaceModels([['gpt-*'], 'gpt-5', []]);
    assert.deepEqual([lists, problems.length], [[['gpt-*'], ['']], 1]);
  });

  it('limit nothing, and are named, when a workspace wrote them', () => {
    const { limits, problems } = parseWorkspaceLimits([{ requestsPerDay: 'many' }, { tokensPerDay: 5 }]);
    assert.deepEqual(limits, { tokensPerDay: 5 });
    assert.match(inEnglish(problems).join(), /^callguard\.workspace\.limits\.requestsPerDay: /);
  });
});
