import assert from 'node:assert/strict';
import { checkPolicy, matchesGlob, type ModelPolicy } from '../../../src/guard/policy.ts';

const policy = (changes: Partial<ModelPolicy>): ModelPolicy => ({
  allow: [],
  deny: [],
  default: 'allow',
  ...changes,
});

describe('the policy', () => {
  it('allows every model while the allow list is empty', () => {
    assert.equal(checkPolicy('any', policy({})), undefined);
  });

  it('allows only what a filled allow list names', () => {
    assert.equal(checkPolicy('gpt-5', policy({ allow: ['gpt-*'] })), undefined);
    assert.deepEqual(checkPolicy('o3', policy({ allow: ['gpt-*'] })), { rule: 'notAllowed' });
  });

  it('lets deny win over allow, and names the pattern', () => {
    const both = policy({ allow: ['*'], deny: ['x', '*-preview'] });
    assert.deepEqual(checkPolicy('gpt-preview', both), { rule: 'deny', pattern: '*-preview' });
  });

  it("refuses a model that no list names when the default is 'deny'", () => {
    assert.deepEqual(checkPolicy('any', policy({ default: 'deny' })), { rule: 'default' });
    assert.equal(checkPolicy('any', policy({ default: 'deny', allow: ['any'] })), undefined);
  });

  it('lets a workspace take away', () => {
    assert.deepEqual(checkPolicy('big', policy({}), [['small']]), { rule: 'workspace' });
    assert.equal(checkPolicy('small', policy({}), [['small']]), undefined);
  });

  it('never lets a workspace add what the user has not allowed', () => {
    assert.deepEqual(checkPolicy('big', policy({ allow: ['small'] }), [['*']]), { rule: 'notAllowed' });
    assert.deepEqual(checkPolicy('big', policy({ deny: ['big'] }), [['big']]), {
      rule: 'deny',
      pattern: 'big',
    });
  });

  it('holds every list that there is, of the user, the workspace and its folders', () => {
    assert.equal(checkPolicy('small', policy({}), [['small', 'big'], ['small']]), undefined);
    assert.deepEqual(checkPolicy('big', policy({}), [['small', 'big'], ['small']]), { rule: 'workspace' });
  });

  it('allows nothing by a list that is empty', () => {
    assert.deepEqual(checkPolicy('small', policy({}), [[]]), { rule: 'workspace' });
  });
});

describe('a glob', () => {
  const cases: [pattern: string, text: string, matches: boolean][] = [
    ['gpt-5', 'gpt-5', true],
    ['gpt-5', 'gpt-5-mini', false],
    ['gpt-5', 'GPT-5', false],
    ['*', '', true],
    ['*', 'anthropic/claude', true],
    ['gpt-*', 'gpt-', true],
    ['*-mini', 'gpt-5-mini', true],
    ['*-mini', 'gpt-5-mini-x', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['*a*a*', 'a', false],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['[a]+', 'a', false],
    ['', '', true],
    ['', 'a', false],
  ];
  for (const [pattern, text, expected] of cases) {
    it(`'${pattern}' ${expected ? 'matches' : 'does not match'} '${text}'`, () => {
      assert.equal(matchesGlob(pattern, text), expected);
    });
  }

  it('does not stall on a pattern that would make a regular expression backtrack for ever', () => {
    assert.equal(matchesGlob('*a'.repeat(5_000) + 'b', 'a'.repeat(100_000)), false);
  });
});
