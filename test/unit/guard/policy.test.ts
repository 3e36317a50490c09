import assert from 'node:assert/strict';
import { checkPolicy, matchesGlob, type ModelPolicy } from '../../../src/guard/policy.ts';

const policy = (changes: Partial<ModelPolicy>): ModelPolicy => ({
  allow: [],
  deny: [],
  default: 'allow',
  ...changes,
});

describe('checkPolicy', () => {
  it('allows every model if the allow list is empty', () => {
    assert.equal(checkPolicy('any', policy({})), undefined);
  });

  it('allows only the models of an allow list', () => {
    assert.equal(checkPolicy('gpt-5', policy({ allow: ['gpt-*'] })), undefined);
    assert.deepEqual(checkPolicy('o3', policy({ allow: ['gpt-*'] })), { rule: 'notAllowed' });
  });

  it('gives deny precedence over allow and returns the pattern', () => {
    const both = policy({ allow: ['*'], deny: ['x', '*-preview'] });
    assert.deepEqual(checkPolicy('gpt-preview', both), { rule: 'deny', pattern: '*-preview' });
  });

  it('denies a denied model with accents, which a server may ignore', () => {
    const denied = policy({ deny: ['llama3*'], allow: ['*'] });
    for (const name of ['ll\u00e1ma3', 'lla\u0308ma3', 'LL\u00c5MA3:70b'])
      assert.deepEqual(checkPolicy(name, denied), { rule: 'deny', pattern: 'llama3*' }, name);
    assert.equal(checkPolicy('mod\u00e9le', denied), undefined);
    assert.deepEqual(checkPolicy('gpt-\u00e9', policy({ allow: ['gpt-e'] })), { rule: 'notAllowed' });
  });

  it("denies a model of no list if the default is 'deny'", () => {
    assert.deepEqual(checkPolicy('any', policy({ default: 'deny' })), { rule: 'default' });
    assert.equal(checkPolicy('any', policy({ default: 'deny', allow: ['any'] })), undefined);
  });

  it('denies a model that a workspace takes away', () => {
    assert.deepEqual(checkPolicy('big', policy({}), [['small']]), { rule: 'workspace' });
    assert.equal(checkPolicy('small', policy({}), [['small']]), undefined);
  });

  it('denies a model that a workspace adds', () => {
    assert.deepEqual(checkPolicy('big', policy({ allow: ['small'] }), [['*']]), { rule: 'notAllowed' });
    assert.deepEqual(checkPolicy('big', policy({ deny: ['big'] }), [['big']]), {
      rule: 'deny',
      pattern: 'big',
    });
  });

  it('applies every list of the user, the workspace and its folders', () => {
    assert.equal(checkPolicy('small', policy({}), [['small', 'big'], ['small']]), undefined);
    assert.deepEqual(checkPolicy('big', policy({}), [['small', 'big'], ['small']]), { rule: 'workspace' });
  });

  it('allows nothing for an empty workspace list', () => {
    assert.deepEqual(checkPolicy('small', policy({}), [[]]), { rule: 'workspace' });
  });
});

describe('matchesGlob', () => {
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
    it(`${expected ? 'matches' : 'does not match'} '${text}' with the pattern '${pattern}'`, () => {
      assert.equal(matchesGlob(pattern, text), expected);
    });
  }

  it('is fast for a pattern on which a regular expression would backtrack forever', () => {
    assert.equal(matchesGlob('*a'.repeat(5_000) + 'b', 'a'.repeat(100_000)), false);
  });
});
