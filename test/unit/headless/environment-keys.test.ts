import assert from 'node:assert/strict';
import { keyVariable, sharedVariable, takeEnvironment } from '../../../src/headless/environment-keys.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';

describe('keyVariable, sharedVariable and takeEnvironment', () => {
  it('name a variable by the provider in capitals, with _ for every other character', () => {
    assert.equal(keyVariable('acme'), 'CALLGUARD_KEY_ACME');
    assert.equal(keyVariable('my-llm.v2'), 'CALLGUARD_KEY_MY_LLM_V2');
  });

  it('take the keys out of the environment, with all LLM_ variables', () => {
    const env: Record<string, string | undefined> = {
      CALLGUARD_KEY_ACME: 'sk-acme',
      CALLGUARD_KEY_EMPTY: '',
      LLM_SECRET_KEY: 'master',
      LLM_ENV: 'production',
      PATH: '/bin',
    };
    const { keys, masterKeys } = takeEnvironment(env);
    assert.deepEqual(env, { PATH: '/bin' });
    assert.deepEqual([...keys.keys()], ['CALLGUARD_KEY_ACME']);
    assert.equal(keys.get('CALLGUARD_KEY_ACME')?.reveal(), 'sk-acme');
    assert.deepEqual(masterKeys, { LLM_SECRET_KEY: 'master', LLM_ENV: 'production' });
  });

  it('find two providers with one variable, also if one of them is broken', () => {
    const box = { kind: 'sandbox' };
    assert.equal(sharedVariable(parseProviders({ 'a-b': box, 'a-c': box })), undefined);
    assert.equal(
      sharedVariable(parseProviders({ 'a-b': box, 'a.b': { kind: 'nothing' } })),
      "The providers 'a-b' and 'a.b' have the same variable CALLGUARD_KEY_A_B. Rename one of them.",
    );
  });
});
