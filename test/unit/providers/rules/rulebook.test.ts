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

  it('reports a limit that is too high to be counted', () => {
    const { rules, problems } = parseLimitRules([
      { usdPerDay: 1e308 },
      { tokensPerDay: 1e16 },
      { usdPerDay: 1e9 },
    ]);
    assert.deepEqual(rules, [{ scope: {}, limits: { usdPerDay: 1e15 } }]);
    assert.deepEqual(inEnglish(problems), [
      'callguard.limits.0.usdPerDay: must be at most 1000000000',
      'callguard.limits.1.tokensPerDay: must be at most 1000000000000000',
    ]);
  });

  it('reports a rule about a name that no model has, which would never apply', () => {
    const { rules, problems } = parseLimitRules([
      { model: '*', requestsPerDay: 1 },
      { model: 'gpt 5', requestsPerDay: 1 },
      { model: 'gpt-5*', requestsPerDay: 1 },
    ]);
    assert.equal(rules.length, 1);
    assert.deepEqual(inEnglish(problems), [
      'callguard.limits.1.model: is not valid',
      'callguard.limits.2.model: is not valid',
    ]);
  });

  it('allows no model if a workspace has a pattern that can match none', () => {
    const { lists, problems } = parseWorkspaceModels([['gpt-5\u200b'], ['gpt-*', '*:free', 'openai/*']]);
    assert.deepEqual([lists, problems.length], [[[''], ['gpt-*', '*:free', 'openai/*']], 1]);
  });

  it('allows no model if a workspace restricts restricts them in a way that cannot be read', () => {
    const { lists, problems } = parseWorkspaceModels([['gpt-*'], 'gpt-5', []]);
    assert.deepEqual([lists, problems.length], [[['gpt-*'], ['']], 1]);
  });

  it('ignores and reports broken limits of a workspace', () => {
    const { limits, problems } = parseWorkspaceLimits([{ requestsPerDay: 'many' }, { tokensPerDay: 5 }]);
    assert.deepEqual(limits, { tokensPerDay: 5 });
    assert.match(inEnglish(problems).join(), /^callguard\.workspace\.limits\.requestsPerDay: /);
  });
});
