import assert from 'node:assert/strict';
import {
  catalogue,
  dialectsOf,
  providerKinds,
  providerKind,
  type ProviderKind,
} from '../../../src/providers/config/catalogue.ts';
import { keyFacts } from '../../../src/providers/config/catalogue-keys.ts';
import { listModels } from '../../../src/providers/config/list-models.ts';
import type { ProviderConfig } from '../../../src/providers/config/provider-config.ts';
import type { WireDialect } from '../../../src/providers/dialects/dialects.ts';
import { goodAnswers } from '../../support/dialect-events.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { providerPages, type ProviderPage } from '../../support/provider-pages.ts';
import { attempt, credentialsFor, hello, provider, senderOptions, textOf } from '../../support/sender.ts';
import { testKey } from '../../support/wire.ts';

const { answer, reply } = upstreams;

type HttpKind = Exclude<ProviderKind, 'editor' | 'sandbox'>;

interface Expected {
  /** The URL of a prompt, below the path of the base URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
  /** Undefined if there is none. */
  readonly list?: string;
  /** A list of models as the provider sends it, and its ids; absent for one in the usual shape. */
  readonly listed?: { readonly body: object; readonly ids: readonly string[] };
}

const bearer = { authorization: `Bearer ${testKey}` };
const chatBody = {
  model: 'm',
  messages: [{ role: 'user', content: 'Hello?' }],
  stream: true,
  stream_options: { include_usage: true },
};
const anthropicBody = {
  model: 'm',
  max_tokens: 9,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }],
  stream: true,
};
const chat = (path: string): Expected => ({
  url: `${path}/chat/completions`,
  headers: bearer,
  body: { ...chatBody, max_tokens: 9 },
  list: `${path}/models`,
});
const anthropic: Expected = {
  url: '/v1/messages',
  headers: { 'x-api-key': testKey, 'anthropic-version': '2023-06-01' },
  body: anthropicBody,
  list: '/v1/models?limit=1000',
};

const google = {
  headers: { 'x-goog-api-key': testKey },
  body: {
    contents: [{ role: 'user', parts: [{ text: 'Hello?' }] }],
    generationConfig: { maxOutputTokens: 9 },
  },
};
const pages: Readonly<Record<keyof typeof providerPages, ProviderPage>> = providerPages;
const pathIn = (url: string) => new URL(url).pathname.replace(/\/$/, '');
const ofPage = ({ baseUrl, list, outputLimit }: ProviderPage): Expected => ({
  url: `${pathIn(baseUrl)}/chat/completions`,
  headers: bearer,
  body: { ...chatBody, [outputLimit ?? 'max_tokens']: 9 },
  ...(list === undefined ? {} : { list: list.path, listed: list }),
});
const eachPage = <T>(map: (page: ProviderPage) => T) =>
  Object.fromEntries(Object.entries(pages).map(([kind, page]) => [kind, map(page)])) as Record<
    keyof typeof pages,
    T
  >;

/** From the providers' API references. */
const expected: Readonly<Record<HttpKind, Expected>> = {
  openai: { ...chat('/v1'), body: { ...chatBody, max_completion_tokens: 9 } },
  anthropic,
  google: {
    ...google,
    url: '/v1beta/models/m:streamGenerateContent?alt=sse',
    list: '/v1beta/models?pageSize=1000',
  },
  azure: {
    url: '/openai/v1/chat/completions',
    headers: { 'api-key': testKey },
    body: { ...chatBody, max_completion_tokens: 9 },
  },
  groq: chat('/openai/v1'),
  mistral: chat('/v1'),
  deepseek: chat('/v1'),
  xai: chat('/v1'),
  openrouter: chat('/api/v1'),
  ollama: chat('/v1'),
  lmstudio: chat('/v1'),
  'openai-compatible': chat('/v1'),
  'anthropic-compatible': anthropic,
  ...eachPage(ofPage),
  vertex: { ...google, url: '/v1/publishers/google/models/m:streamGenerateContent?alt=sse' },
};

/** The default addresses of requests and keys. */
const addresses: Readonly<Partial<Record<HttpKind, string>>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  groq: 'https://api.groq.com/openai/v1',
  mistral: 'https://api.mistral.ai/v1',
  deepseek: 'https://api.deepseek.com/v1',
  xai: 'https://api.x.ai/v1',
  openrouter: 'https://openrouter.ai/api/v1',
  ollama: 'http://localhost:11434/v1',
  lmstudio: 'http://localhost:1234/v1',
  ...eachPage(({ baseUrl }) => baseUrl),
};

/** The kinds that also support the Responses API, with its URL. */
const responsesUrls: Readonly<Partial<Record<HttpKind, string>>> = {
  openai: '/v1/responses',
  azure: '/openai/v1/responses',
  groq: '/openai/v1/responses',
  xai: '/v1/responses',
  openrouter: '/api/v1/responses',
  ollama: '/v1/responses',
  lmstudio: '/v1/responses',
  'openai-compatible': '/v1/responses',
  ...Object.fromEntries(
    Object.entries(pages)
      .filter(([, { responses }]) => responses !== undefined)
      .map(([kind, { baseUrl }]) => [kind, `${pathIn(baseUrl)}/responses`]),
  ),
};
const responsesBody = {
  model: 'm',
  input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hello?' }] }],
  max_output_tokens: 9,
  store: false,
  stream: true,
};

const keyNames = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key'];
/** Headers that the connection and every HTTP client send. */
const common = [
  'host',
  'connection',
  'accept',
  'accept-encoding',
  'content-type',
  'content-length',
  'user-agent',
];

const lists: Readonly<Record<string, object>> = {
  'openai-chat': { object: 'list', data: [{ id: 'b' }, { id: 'a' }] },
  'anthropic-messages': {
    data: [
      { type: 'model', id: 'b' },
      { type: 'model', id: 'a' },
    ],
    has_more: false,
  },
  'google-generative': {
    models: [
      { name: 'models/b', supportedGenerationMethods: ['generateContent', 'countTokens'] },
      { name: 'models/embedder', supportedGenerationMethods: ['embedContent'] },
      { name: 'models/a', supportedGenerationMethods: ['generateContent'] },
    ],
  },
};

const pathOf = (kind: HttpKind) => {
  const baseUrl = addresses[kind];
  return baseUrl === undefined ? (kind === 'azure' ? '/openai/v1' : '/v1') : pathIn(baseUrl);
};

describe('requests of each provider kind', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const configOf = (kind: HttpKind): ProviderConfig =>
    provider({ kind, baseUrl: upstream.origin + pathOf(kind) });
  const list = (config: ProviderConfig) =>
    listModels(config, credentialsFor(config), new AbortController().signal, senderOptions(config));

  const sendsExactly = async (config: ProviderConfig, { url, headers, body }: Omit<Expected, 'list'>) => {
    const dialect = config.dialect as WireDialect;
    upstream.script(answer(goodAnswers[dialect]));
    const sent = await attempt(senderOptions(config), {
      prompt: { ...structuredClone(hello), maxOutputTokens: 9 },
    });
    assert.equal(textOf(sent.parts), 'Hello world');
    const cache =
      dialect === 'anthropic-messages'
        ? { cachedInputTokens: 5, cacheWriteTokens: 2 }
        : { cachedInputTokens: 4 };
    assert.deepEqual(sent.report, {
      outcome: { kind: 'complete' },
      status: 200,
      usage: { inputTokens: 11, ...cache, outputTokens: 3 },
    });
    const request = await upstream.request(0);
    assert.deepEqual([request.method, request.url], ['POST', url]);
    const own = Object.entries(request.headers).filter(([name]) => !common.includes(name));
    assert.deepEqual(Object.fromEntries(own), headers);
    assert.deepEqual(JSON.parse(request.body), body);
  };

  it('has an expectation for every kind that is called over HTTP', () => {
    assert.deepEqual(
      providerKinds.filter((kind) => kind !== 'editor' && kind !== 'sandbox').sort(),
      Object.keys(expected).sort(),
    );
    assert.deepEqual(
      providerKinds.filter((kind) => dialectsOf(kind).includes('openai-responses')).sort(),
      Object.keys(responsesUrls).sort(),
    );
  });

  it('has the expected base URL of every kind with one', () => {
    const own = providerKinds.flatMap((kind) => {
      const { baseUrl } = providerKind(kind);
      const { baseUrlExample } = keyFacts(kind);
      const address = baseUrl ?? (kind === 'bedrock' && baseUrlExample?.replace('<region>', 'us-east-1'));
      return typeof address === 'string' ? [[kind, address]] : [];
    });
    assert.deepEqual(Object.fromEntries(own), addresses);
  });

  it('calls exactly those kinds unproven whose request only their page shows', () => {
    assert.deepEqual(
      providerKinds.filter((kind) => providerKind(kind).unproven === true).sort(),
      Object.keys(pages).sort(),
    );
  });

  it('asks a server under another path for the list of GitHub Models at its root', async () => {
    upstream.script(reply(200, providerPages['github-models'].list.body));
    const config = provider({
      kind: 'github-models',
      baseUrl: `${upstream.origin}/orgs/acme/inference`,
    });
    assert.deepEqual(await list(config), { ok: true, value: ['openai/gpt-4.1'] });
    assert.equal((await upstream.request(0)).url, '/catalog/models');
  });

  for (const [kind, url] of Object.entries(responsesUrls) as [HttpKind, string][]) {
    it(`sends exactly the request of the Responses API for ${catalogue[kind].label} if the settings choose it`, () =>
      sendsExactly(provider({ kind, dialect: 'openai-responses', baseUrl: upstream.origin + pathOf(kind) }), {
        url,
        headers: expected[kind].headers,
        body: responsesBody,
      }));
  }

  for (const [kind, { url, headers, body, list: listUrl, listed: own }] of Object.entries(expected) as [
    HttpKind,
    Expected,
  ][]) {
    describe(`for ${catalogue[kind].label}`, () => {
      it('sends exactly the request of its API', () => sendsExactly(configOf(kind), { url, headers, body }));

      it('lists the models, or reports that the API has no list', async () => {
        upstream.script(reply(200, own?.body ?? lists[providerKind(kind).dialect] ?? {}));
        const listed = await list(configOf(kind));
        if (listUrl === undefined) {
          assert.equal(listed.ok ? undefined : listed.error.kind, 'unsendable');
          assert.equal(upstream.seen.length, 0);
          return;
        }
        assert.deepEqual(listed, { ok: true, value: own?.ids ?? ['b', 'a'] });
        const request = await upstream.request(0);
        assert.deepEqual([request.method, request.url], ['GET', listUrl]);
        for (const name of [...keyNames, 'anthropic-version']) {
          assert.equal(request.headers[name], headers[name], name);
        }
      });
    });
  }
});
