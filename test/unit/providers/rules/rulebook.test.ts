import assert from 'node:assert/strict';
import {
  parseLimitRules,
  parseWorkspaceLimits,
  parseWorkspaceModels,
} from '../../../../src/providers/rules/rulebook.ts';
import { inEnglish } from '../../../support/languages.ts';

describe('parsing of broken limits and models', () => {
  it('leaves out only the broken rule and reports it with its place', () => {
    const { rules: good, problems } = parseLimitRules([{ requestsPerDay: 1 }, { requestsPerDay: -1 }, 7]);
    assert.equal(good.length, 1);
    assert.deepEqual(
      inEnglish(problems).map((problem) => problem.split(':')[0]),
      ['callguard.limits.1.requestsPerDay', 'callguard.limits.2'],
    );
    assert.equal(parseLimitRules({}).problems.length, 1);
  });

  it('allows no model if a workspace restricts them in a way that cannot be read', () => {
    const { lists, problems } = parseWorkspaceModels([['gpt-*'], 'gpt-5', []]);
    assert.deepEqual([lists, problems.length], [[['gpt-*'], ['']], 1]);
  });

  it('ignores and reports broken limits of a workspace', () => {
    const { limits, problems } = parseWorkspaceLimits([{ requestsPerDay: 'many' }, { tokensPerDay: 5 }]);
    assert.deepEqual(limits, { tokensPerDay: 5 });
    assert.match(inEnglish(problems).join(), /^callguard\.workspace\.limits\.requestsPerDay: /);
  });
});
