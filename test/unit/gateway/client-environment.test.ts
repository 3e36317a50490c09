import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { GoogleGenAI } from '@google/genai';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { clientEnvironment } from '../../../src/gateway/client-environment.ts';
import { providerKinds } from '../../../src/providers/config/catalogue.ts';
import { providerOfVariable } from '../../../src/providers/config/key-variables.ts';

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

  it("leads Google's package and Copilot CLI to the gateway, whatever the user had set", async () => {
    const own = { GEMINI_API_KEY: 'own', GOOGLE_API_KEY: 'own', COPILOT_PROVIDER_BEARER_TOKEN: 'own' };
    const seen: (string | undefined)[] = [];
    const server = http.createServer((request, response) => {
      seen.push(request.url, String(request.headers['x-goog-api-key']));
      response.setHeader('content-type', 'application/json').end('{"models":[]}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const set = clientEnvironment(port, token, own);
    const client = within({ ...own, ...set }, () => new GoogleGenAI({}));
    await client.models.list();
    server.close();
    assert.deepEqual(seen, ['/v1beta/models', token]);
    assert.deepEqual(
      ['TYPE', 'BASE_URL', 'API_KEY', 'BEARER_TOKEN'].map((name) => set[`COPILOT_PROVIDER_${name}`]),
      ['openai', `http://127.0.0.1:${port}/v1`, token, null],
    );
  });

  describe('of secrets', () => {
    const leftOf = (inherited: Record<string, string>, providers?: string[]) => {
      const merged: Record<string, string | null> = {
        ...inherited,
        ...clientEnvironment(22_557, token, inherited, providers),
      };
      return Object.keys(inherited).filter((name) => merged[name] === inherited[name]);
    };

    it('removes the master keys and every variable that an import of keys reads', () => {
      const names = ['LLM_SECRET_KEY', 'LLM_PREVIOUS_KEYS', ...providerOfVariable.keys()];
      assert.ok(names.length > 40);
      assert.deepEqual(leftOf(Object.fromEntries(names.map((name) => [name, 'S']))), []);
    });

    it('removes a variable for every kind of provider', () => {
      const names = providerKinds.map((kind) => `${kind.toUpperCase().replaceAll('-', '_')}_API_KEY`);
      assert.deepEqual(leftOf(Object.fromEntries(names.map((name) => [name, 'S']))), []);
    });

    for (const name of [
      'GEMINI_API_KEY',
      'GOOGLE_API_KEY',
      'OPENROUTER_API_KEY',
      'AZURE_OPENAI_API_KEY',
      'MISTRAL_API_KEY',
      'DEEPSEEK_API_KEY',
      'GROQ_API_KEY',
      'XAI_API_KEY',
      'COPILOT_PROVIDER_API_KEY',
      'CLAUDE_CODE_OAUTH_TOKEN',
      'OPENAI_ADMIN_KEY',
      'CALLGUARD_KEY_ACME',
      'openai_api_key',
      'GEMINI_API_KEYS',
      'OPENAI_API_KEY_2',
      'AZURE_OPENAI_AD_TOKEN',
    ]) {
      it(`removes ${name}`, () => {
        assert.deepEqual(leftOf({ [name]: 'S' }), []);
      });
    }

    it('removes the variables of the providers in the settings', () => {
      const inherited = { HOUSE_MODELS_API_KEY: 'S', STRIPE_API_KEY: 'S' };
      assert.deepEqual(leftOf(inherited, ['house-models']), ['STRIPE_API_KEY']);
    });

    it('sets a variable after another spelling of its name is removed, as Windows needs it', () => {
      const inherited = { Openai_Api_Key: 'S' };
      const names = Object.keys(clientEnvironment(22_557, token, inherited));
      assert.ok(names.indexOf('Openai_Api_Key') < names.indexOf('OPENAI_API_KEY'));
    });

    it('keeps variables that have nothing to do with models', () => {
      const inherited = { PATH: '/bin', STRIPE_API_KEY: 'S', GITHUB_TOKEN: 'S', LLM_ENV: 'production' };
      assert.deepEqual(leftOf(inherited), Object.keys(inherited));
    });
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
