import assert from 'node:assert/strict';
import { GoogleGenAI } from '@google/genai';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, startGateway, type GatewayTrial, type TrialSettings } from '../../support/gateway.ts';

const { reply } = upstreams;
const contents = [{ role: 'user', parts: [{ text: 'Count me.' }] }];
const usageMetadata = { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 };
const candidate = (text: string, finishReason?: string) => ({
  candidates: [
    {
      content: { role: 'model', parts: [{ text }] },
      ...(finishReason === undefined ? {} : { finishReason }),
    },
  ],
});

describe("Gateway: Google's API", () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  const start = async (settings: Partial<TrialSettings> = {}) => {
    const { baseUrl } = upstream;
    trial = await startGateway({
      providers: {
        gem: { kind: 'google', baseUrl, models: { list: ['g', 'tunedModels/t'], deny: ['denied'] } },
        acme: { kind: 'openai-compatible', baseUrl, models: { list: ['m'] } },
      },
      routes: { best: ['acme/m'], both: ['gem/g', 'acme/m'], 'gemini-*': ['gem/g'] },
      ...settings,
    });
  };
  const post = (path: string, body: string | object) =>
    ask(trial.origin, `/v1beta/models/${path}`, { token: trial.token, body });
  const get = (path: string) => ask(trial.origin, path, { headers: { 'x-goog-api-key': trial.token } });
  const client = () =>
    new GoogleGenAI({ apiKey: trial.token, httpOptions: { baseUrl: trial.origin, apiVersion: 'v1beta' } });
  const lastRecord = () => trial.ledger.records.at(-1);

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
    assert.equal(trial.ledger.open.size, 0);
  });

  describe('requests to a provider of Google', () => {
    const oddBody =
      '{ "contents":[{"parts":[{"text":"Hi \\u00e9"}],"role":"user"}],\n "generation_config" : {"temperature":1.0, "topK":40},"safetySettings":[] }';

    it('sends an answer in one piece and its request byte for byte', async () => {
      await start();
      const answer = { ...candidate('Hello.', 'STOP'), usageMetadata, modelVersion: 'g-001', odd: 1 };
      upstream.script(reply(200, answer));
      for (const [name, path] of [
        ['gem/g', '/v1/models/g:generateContent'],
        ['gem%2Fg', '/v1/models/g:generateContent'],
        ['gem/models/G', '/v1/models/g:generateContent'],
        ['gemini-any', '/v1/models/g:generateContent'],
        ['gem/tunedModels/t', '/v1/tunedModels/t:generateContent'],
      ] as const) {
        upstream.forget();
        const { status, text, headers } = await post(`${name}:generateContent`, oddBody);
        assert.deepEqual([status, JSON.parse(text)], [200, answer]);
        assert.match(String(headers['x-callguard-model']), /^gem\//);
        assert.deepEqual(
          upstream.seen.map(({ url, body }) => [url, body]),
          [[path, oddBody]],
        );
        assert.ok(!JSON.stringify(upstream.seen[0]?.headers).includes(trial.token));
      }
      assert.deepEqual(
        [lastRecord()?.usage.inputTokens, lastRecord()?.usage.outputTokens, lastRecord()?.usage.estimated],
        [7, 3, false],
      );
    });

    it('streams the events of the provider as they are', async () => {
      await start();
      const events = [candidate('Hel'), candidate('lo.'), { ...candidate('', 'STOP'), usageMetadata }];
      const text = events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`);
      upstream.script(upstreams.answer(text));
      const given = await post('gem/g:streamGenerateContent?alt=sse', oddBody);
      assert.equal(given.text, text.join(''));
      assert.deepEqual(
        upstream.seen.map(({ url, body }) => [url, body]),
        [['/v1/models/g:streamGenerateContent?alt=sse', oddBody]],
      );
      assert.equal(lastRecord()?.usage.outputTokens, 3);
    });

    it('reads the limit of the output, and sets the one of a strict cap where there is none', async () => {
      const cap = { scope: {}, kind: 'tokensPerDay', limit: 1_000 } as const;
      await start({ rules: { caps: [cap], strict: true, assumedOutputTokens: 400 } });
      upstream.script(reply(200, { ...candidate('x', 'STOP'), usageMetadata }));
      const say = (generationConfig: object) => post('gem/g:generateContent', { contents, generationConfig });
      const sentConfig = () =>
        (JSON.parse(upstream.seen.at(-1)?.body ?? '{}') as { generationConfig?: object }).generationConfig;
      assert.equal((await say({ maxOutputTokens: 2_000 })).text.includes('cap_too_small'), true);
      assert.equal((await say({ max_output_tokens: 600, candidateCount: 2 })).status, 400);
      assert.equal((await say({ maxOutputTokens: 50 })).status, 200);
      assert.deepEqual(sentConfig(), { maxOutputTokens: 50 });
      assert.equal((await say({ topK: 4, candidateCount: 2 })).status, 200);
      assert.deepEqual(sentConfig(), { topK: 4, candidateCount: 2, maxOutputTokens: 200 });
      assert.equal((await post('gem/g:generateContent', { contents })).status, 200);
      assert.deepEqual(sentConfig(), { maxOutputTokens: 400 });
    });

    it('refuses a body that names another model, or a field twice', async () => {
      await start();
      upstream.script(reply(200, { ...candidate('x', 'STOP'), usageMetadata }));
      const codes = async (...bodies: object[]) => {
        const found = [];
        for (const body of bodies) {
          const { text } = await post('gem/g:generateContent', body);
          found.push(/"reason":"(\w+)"/.exec(text)?.[1]);
        }
        return found;
      };
      assert.deepEqual(
        await codes(
          { contents, model: 'models/denied' },
          { contents, model: 7 },
          { contents, generationConfig: {}, generation_config: {} },
          { contents, generationConfig: { maxOutputTokens: 1, max_output_tokens: 1_000 } },
          { contents, generationConfig: { routingConfig: { manualMode: { modelName: 'denied' } } } },
          { contents, cached_content: 'cachedContents/1' },
        ),
        [
          'invalid_request',
          'invalid_request',
          'duplicate_field',
          'duplicate_field',
          'unsupported_field',
          'unsupported_field',
        ],
      );
      assert.equal(upstream.seen.length, 0);
      assert.deepEqual(await codes({ contents, model: 'models/gem/g' }), [undefined]);
      assert.deepEqual(JSON.parse(upstream.seen[0]?.body ?? ''), { contents });
    });

    it('goes on to a provider of another protocol, and streams server-sent events only', async () => {
      await start();
      upstream.script(
        reply(500, 'oops'),
        reply(200, {
          choices: [
            { index: 0, message: { role: 'assistant', content: 'From acme.' }, finish_reason: 'stop' },
          ],
        }),
      );
      const { status, text } = await post('both:generateContent', { contents });
      assert.equal(status, 200);
      assert.ok(text.includes('From acme.'), text);
      const list = await post('gem/g:streamGenerateContent', { contents });
      assert.deepEqual([list.status, list.text.includes('"reason":"only_sse"')], [400, true]);
    });
  });

  describe('POST /v1beta/models/{id}:countTokens', () => {
    it('gives the count of a provider that has it', async () => {
      await start();
      upstream.script(reply(200, { totalTokens: 2_095, promptTokensDetails: [] }));
      const given = await client().models.countTokens({ model: 'gem/g', contents });
      assert.equal(given.totalTokens, 2_095);
      const [{ url, body } = { url: '', body: '' }] = upstream.seen;
      assert.equal(url, '/v1/models/g:countTokens');
      assert.deepEqual(JSON.parse(body), { contents });
      assert.deepEqual(
        [lastRecord()?.operation, lastRecord()?.outcome, lastRecord()?.usage.requests],
        ['count', 'done', 0],
      );
    });

    it('sends a whole request in its member, with the model that it goes to', async () => {
      await start();
      upstream.script(reply(200, { totalTokens: 12 }));
      const systemInstruction = { parts: [{ text: 'Be short.' }] };
      const whole = { model: 'models/gem/g', contents, systemInstruction };
      const { status } = await post('gem/g:countTokens', { generateContentRequest: whole });
      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(upstream.seen[0]?.body ?? ''), {
        generateContentRequest: { contents, systemInstruction, model: 'models/g' },
      });
    });

    it('gives an estimate if the provider does not answer with a count, or speaks another protocol', async () => {
      await start();
      for (const behaviour of [reply(404, {}), reply(500, 'oops'), reply(200, { candidates: [] })]) {
        upstream.script(behaviour);
        const { totalTokens = 0 } = await client().models.countTokens({ model: 'gem/g', contents });
        assert.ok(totalTokens > 4 && totalTokens < 100, String(totalTokens));
      }
      assert.equal(upstream.seen.length, 3);
      for (const name of ['acme/m', 'best']) {
        const { totalTokens = 0 } = await client().models.countTokens({ model: name, contents });
        assert.ok(totalTokens > 4 && totalTokens < 100, String(totalTokens));
      }
      assert.equal(upstream.seen.length, 3);
    });

    it('is refused by policy and for what a request is refused for, also in its member', async () => {
      await start();
      const reasons = [];
      for (const [name, body] of [
        ['gem/denied', { contents }],
        ['gem/g', { generateContentRequest: { model: 'models/gem/denied', contents } }],
        ['gem/g', { generateContentRequest: { contents, cachedContent: 'cachedContents/1' } }],
        ['gem/g', { generateContentRequest: { contents, tools: [{ mcpServers: [{ name: 'x' }] }] } }],
        ['gem/g', { generateContentRequest: { contents }, contents }],
        ['gem/g', { generateContentRequest: [] }],
        ['nothing', { contents }],
      ] as const) {
        const { text } = await post(`${name}:countTokens`, body);
        reasons.push(/"reason":"(\w+)"/.exec(text)?.[1]);
      }
      assert.deepEqual(reasons, [
        'policy',
        'invalid_request',
        'unsupported_field',
        'unsupported_tool',
        'invalid_request',
        'not_json',
        'model_not_found',
      ]);
      assert.equal(upstream.seen.length, 0);
    });
  });

  describe('GET /v1beta/models', () => {
    it('lists models and routes in the form of Google', async () => {
      await start();
      const names = [];
      for await (const { name, supportedActions } of await client().models.list())
        names.push([name, supportedActions?.join()]);
      const actions = 'generateContent,countTokens';
      assert.deepEqual(
        names,
        ['best', 'both', 'gem/g', 'gem/tunedModels/t', 'acme/m'].map((id) => [`models/${id}`, actions]),
      );
    });

    it('gives one model, by any name that can be called', async () => {
      await start();
      for (const name of ['gem/g', 'g', 'best', 'gemini-any'])
        assert.equal((await client().models.get({ model: name })).name, `models/${name}`);
      const { status, text } = await get('/v1beta/models/gem/denied');
      assert.equal(status, 404);
      const { error } = JSON.parse(text) as { error: { code: number; status: string; message: string } };
      assert.deepEqual([error.code, error.status], [404, 'NOT_FOUND']);
      assert.ok(error.message.includes('gem/denied'), error.message);
    });

    it('refuses other methods and a wrong token in the form of Google', async () => {
      await start();
      const wrong = await ask(trial.origin, '/v1beta/models', { headers: { 'x-goog-api-key': 'x' } });
      assert.deepEqual([wrong.status, wrong.text.includes('"UNAUTHENTICATED"')], [401, true]);
      const method = await post('gem/g:batchGenerateContent', { contents });
      assert.deepEqual([method.status, method.headers.allow], [405, 'GET']);
    });
  });
});
