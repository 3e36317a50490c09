import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { clientEnvironment } from '../../../src/gateway/client-environment.ts';

/** Runs `work` with these variables as if the process had been started with them. */
function within<T>(variables: Record<string, string | null>, work: () => T): T {
  const before = { ...process.env };
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  try {
    return work();
  } finally {
    process.env = before;
  }
}

describe('clientEnvironment', () => {
  const token = 'callguard_0123456789';
  const variables = clientEnvironment(22_557, token, { ANTHROPIC_API_KEY: 'sk-ant-own' });

  it('gives the official packages the address of the gateway, each in the form that it takes', () => {
    const inherited = { ANTHROPIC_API_KEY: 'sk-ant-own', OPENAI_API_KEY: 'sk-own' };
    const [openai, anthropic] = within({ ...inherited, ...variables }, () => [new OpenAI(), new Anthropic()]);
    assert.deepEqual([openai.baseURL, openai.apiKey], ['http://127.0.0.1:22557/v1', token]);
    assert.deepEqual(
      [anthropic.baseURL, anthropic.apiKey, anthropic.authToken],
      ['http://127.0.0.1:22557', null, token],
    );
  });

  it('gives tools that use LiteLLM the address of the gateway', () => {
    assert.equal(variables['OPENAI_API_BASE'], 'http://127.0.0.1:22557/v1');
  });

  for (const [inherited, list] of [
    [{}, '127.0.0.1,localhost'],
    [{ NO_PROXY: 'intranet, localhost' }, 'intranet,localhost,127.0.0.1'],
    [{ NO_PROXY: '*' }, '*,127.0.0.1,localhost'],
  ] as const) {
    it(`adds the gateway to NO_PROXY, which was ${JSON.stringify(inherited)}`, () => {
      const { NO_PROXY, no_proxy } = clientEnvironment(22_557, token, inherited);
      assert.deepEqual([NO_PROXY, no_proxy], [list, list]);
    });
  }

  it('keeps NO_PROXY and no_proxy apart if both are set', () => {
    const { NO_PROXY, no_proxy } = clientEnvironment(22_557, token, { NO_PROXY: 'a', no_proxy: 'b' });
    assert.deepEqual([NO_PROXY, no_proxy], ['a,127.0.0.1,localhost', 'b,127.0.0.1,localhost']);
  });
});
