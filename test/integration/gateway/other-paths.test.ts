import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { closedCircuit } from '../../../src/guard/breaker.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, startGateway, type GatewayTrial, type TrialSettings } from '../../support/gateway.ts';

const { reply } = upstreams;
const messages = [{ role: 'user' as const, content: 'Count me.' }];

describe('Gateway: other paths', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  const start = async (settings: Partial<TrialSettings> = {}) => {
    const { baseUrl } = upstream;
    trial = await startGateway({
      providers: {
        acme: { kind: 'openai-compatible', baseUrl, models: { list: ['m', 'vendor/e'], deny: ['denied'] } },
        claude: {
          kind: 'anthropic-compatible',
          baseUrl,
          models: { list: ['c'], deny: ['denied'] },
          circuit: { failures: 1, cooldown: 300 },
        },
      },
      routes: { best: ['acme/m'], 'any-*': ['acme/m'] },
      ...settings,
    });
  };
  const openai = () => new OpenAI({ baseURL: `${trial.origin}/v1`, apiKey: trial.token, maxRetries: 0 });
  const anthropic = () =>
    new Anthropic({ baseURL: trial.origin, authToken: trial.token, apiKey: null, maxRetries: 0 });
  const post = (path: string, body: object) => ask(trial.origin, path, { token: trial.token, body });
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

  describe('POST /v1/messages/count_tokens', () => {
    const count = (model: string) => anthropic().messages.countTokens({ model, messages });

    it('gives the count of a provider that has it, and only the model differs', async () => {
      await start();
      upstream.script(reply(200, { input_tokens: 2_095 }));
      assert.deepEqual({ ...(await count('claude/c')) }, { input_tokens: 2_095 });
      const [{ url, body } = { url: '', body: '' }] = upstream.seen;
      assert.equal(url, '/v1/messages/count_tokens');
      assert.deepEqual(JSON.parse(body), { messages, model: 'c' });
      assert.equal(lastRecord()?.operation, 'count');
      assert.equal(lastRecord()?.outcome, 'done');
      assert.equal(lastRecord()?.usage.requests, 0);
    });

    it('gives an estimate without a request if the provider speaks another protocol', async () => {
      await start();
      for (const name of ['acme/m', 'best', 'any-name']) {
        const { input_tokens: tokens } = await count(name);
        assert.ok(tokens > 10 && tokens < 100, String(tokens));
      }
      assert.equal(upstream.seen.length, 0);
      assert.equal(lastRecord()?.operation, 'count');
    });

    it('gives an estimate after one request if the provider does not answer with a count', async () => {
      await start();
      const odd = [
        reply(404, { error: 'no such path' }),
        reply(
          429,
          { type: 'error', error: { type: 'rate_limit_error', message: 'slow' } },
          { 'retry-after': '60' },
        ),
        reply(500, 'oops'),
        reply(401, { type: 'error', error: { type: 'authentication_error', message: 'no' } }),
        reply(402, { type: 'error', error: { type: 'billing_error', message: 'no credit' } }),
        reply(200, '<html>'),
      ];
      for (const [at, behaviour] of odd.entries()) {
        upstream.script(behaviour);
        assert.ok((await count('claude/c')).input_tokens > 10);
        assert.equal(upstream.seen.length, at + 1);
      }
      upstream.script(upstreams.resetAtOnce);
      assert.ok((await count('claude/c')).input_tokens > 10);
    });

    it('says nothing to the breaker, starts no pause and uses no cap', async () => {
      await start({ rules: { caps: [{ scope: {}, kind: 'requestsPerDay', limit: 0 }] } });
      upstream.script(reply(500, 'oops'));
      for (let round = 0; round < 3; round++) await count('claude/c');
      upstream.script(reply(429, {}, { 'retry-after': '60' }));
      await count('claude/c');
      assert.deepEqual(trial.ledger.circuits.get('claude'), closedCircuit);
      assert.equal(trial.ledger.rests.size, 0);
      assert.ok(trial.ledger.used.every(({ usage }) => usage.requests === 0));
      assert.equal(upstream.seen.length, 4);
    });

    it('takes no probe of a circuit, and gives an estimate while it is open', async () => {
      await start();
      const open = { kind: 'open', generation: 1, untilMs: 1, cooldownMs: 1 } as const;
      trial.ledger.circuits.set('claude', open);
      assert.ok((await count('claude/c')).input_tokens > 10);
      assert.deepEqual(trial.ledger.circuits.get('claude'), open);
      assert.equal(upstream.seen.length, 0);
    });

    it('is refused by policy, and by the cap of calls at once', async () => {
      await start({ rules: { caps: [{ scope: {}, kind: 'callsAtOnce', limit: 0 }] } });
      const refused = async (model: string) => {
        const { code } = await post('/v1/messages/count_tokens', { model, messages });
        return code;
      };
      assert.equal(await refused('claude/denied'), 'policy');
      assert.equal(await refused('acme/denied'), 'policy');
      assert.equal(await refused('claude/c'), 'cap');
      assert.equal(upstream.seen.length, 0);
    });
  });

  describe('POST /v1/embeddings', () => {
    const answer = {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.1, -0.2] }],
      model: 'e',
      usage: { prompt_tokens: 8, total_tokens: 8 },
    };

    it('passes a request through and charges its input only', async () => {
      await start();
      upstream.script(reply(200, answer));
      const input = ['one text', 'another text'];
      const given = await openai().embeddings.create({ model: 'vendor/e', input, encoding_format: 'float' });
      assert.deepEqual(given.data[0]?.embedding, [0.1, -0.2]);
      const [{ url, body } = { url: '', body: '' }] = upstream.seen;
      assert.equal(url, '/v1/embeddings');
      assert.deepEqual(JSON.parse(body), { model: 'vendor/e', input, encoding_format: 'float' });
      const { usage, operation } = lastRecord() ?? {};
      assert.deepEqual(
        [operation, usage?.requests, usage?.inputTokens, usage?.outputTokens, usage?.estimated],
        ['embeddings', 1, 8, 0, false],
      );
    });

    it('holds each number of a list of tokens as a token', async () => {
      await start({ rules: { caps: [{ scope: {}, kind: 'tokensPerDay', limit: 1_000 }] } });
      upstream.script(reply(200, answer));
      const ask = (input: unknown) => post('/v1/embeddings', { model: 'acme/vendor/e', input });
      assert.equal((await ask(Array.from({ length: 900 }, () => 1))).status, 200);
      assert.equal((await ask(Array.from({ length: 1_001 }, () => 1))).code, 'cap_too_small');
      assert.equal(
        (await ask([Array.from({ length: 501 }, () => 1), Array.from({ length: 501 }, () => 2)])).code,
        'cap_too_small',
      );
    });

    it('takes an answer that is larger than what is parsed at once', async () => {
      await start();
      const embedding = Array.from({ length: 60_000 }, () => 0.125);
      upstream.script(reply(200, { ...answer, data: [{ object: 'embedding', index: 0, embedding }] }));
      const { status, text } = await post('/v1/embeddings', { model: 'acme/m', input: 'x' });
      assert.equal(status, 200);
      assert.ok(text.length > 300_000);
      assert.equal(lastRecord()?.usage.inputTokens, 8);
      assert.equal(lastRecord()?.usage.outputTokens, 0);
    });

    it('is refused without an input, for a denied model, and for a provider of another dialect', async () => {
      await start();
      const codes = [];
      for (const body of [
        { model: 'acme/m' },
        { model: 'acme/m', input: null },
        { model: 'acme/denied', input: 'x' },
        { model: 'claude/c', input: 'x' },
      ])
        codes.push((await post('/v1/embeddings', body)).code);
      assert.deepEqual(codes, ['invalid_request', 'invalid_request', 'policy', 'other_dialect']);
      assert.equal(upstream.seen.length, 0);
    });
  });

  describe('POST /v1/completions', () => {
    const chunk = (text: string, reason: string | null = null) =>
      `data: ${JSON.stringify({ object: 'text_completion', choices: [{ index: 0, text, finish_reason: reason }] })}\n\n`;

    it('streams a completion and reads its usage', async () => {
      await start();
      const usage = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } })}\n\n`;
      upstream.script(upstreams.answer([chunk('foo'), chunk('()', 'stop'), usage, 'data: [DONE]\n\n']));
      const stream = await openai().completions.create({
        model: 'acme/m',
        prompt: 'def ',
        suffix: '\n',
        stream: true,
      });
      let text = '';
      for await (const { choices } of stream) text += choices[0]?.text ?? '';
      assert.equal(text, 'foo()');
      assert.equal(upstream.seen[0]?.url, '/v1/completions');
      const { usage: used, operation } = lastRecord() ?? {};
      assert.deepEqual([operation, used?.inputTokens, used?.outputTokens], ['completions', 5, 2]);
    });

    it('holds the output of each text of the prompt and each candidate', async () => {
      await start({ rules: { caps: [{ scope: {}, kind: 'tokensPerDay', limit: 1_000 }] } });
      upstream.script(reply(200, { choices: [{ index: 0, text: 'x', finish_reason: 'stop' }] }));
      const ask = async (fields: object) =>
        (await post('/v1/completions', { model: 'acme/m', prompt: 'x', max_tokens: 100, ...fields })).code;
      assert.equal(await ask({}), undefined);
      assert.equal(await ask({ best_of: 10 }), 'cap_too_small');
      assert.equal(await ask({ n: 10 }), 'cap_too_small');
      assert.equal(await ask({ prompt: Array.from({ length: 10 }, () => 'x') }), 'cap_too_small');
      assert.equal(await ask({ prompt: Array.from({ length: 10 }, () => [1]) }), 'cap_too_small');
      assert.equal(upstream.seen.length, 1);
    });

    it('gets the limit of a strict cap for all its answers together', async () => {
      await start({
        rules: {
          caps: [{ scope: {}, kind: 'tokensPerDay', limit: 1_000 }],
          strict: true,
          assumedOutputTokens: 400,
        },
      });
      upstream.script(reply(200, { choices: [{ index: 0, text: 'x', finish_reason: 'stop' }] }));
      await post('/v1/completions', { model: 'acme/m', prompt: ['x', 'y'], n: 2 });
      const { max_tokens: each } = JSON.parse(upstream.seen[0]?.body ?? '{}') as { max_tokens?: number };
      assert.equal(each, 100);
    });
  });

  it('gives one model by its name, with slashes or encoded', async () => {
    await start();
    for (const id of ['acme/m', 'acme/vendor/e', 'best', 'm', 'any-name']) {
      assert.equal((await openai().models.retrieve(id)).id, id);
      assert.equal((await anthropic().models.retrieve(id)).id, id);
      assert.equal((await ask(trial.origin, `/v1/models/${id}`, { token: trial.token })).status, 200);
    }
    for (const id of ['acme/denied', 'nothing', 'claude', '%', '..%2F'])
      assert.equal(
        (await ask(trial.origin, `/v1/models/${id}`, { token: trial.token })).code,
        'model_not_found',
      );
  });

  it('answers HEAD / without a token, and names what there is on an unknown path', async () => {
    await start();
    const head = await ask(trial.origin, '/', { method: 'HEAD' });
    assert.deepEqual([head.status, head.text], [200, '']);
    const { status, code, text } = await ask(trial.origin, '/v1/nothing', { token: trial.token });
    assert.deepEqual([status, code], [404, 'not_found']);
    for (const path of ['POST /v1/messages/count_tokens', 'GET /v1/models/{id}', 'HEAD /'])
      assert.ok(text.includes(path), text);
    assert.ok(!text.includes('/api/llm/'), text);
    const unknown = await ask(trial.origin, '/v1/nothing');
    assert.equal(unknown.code, 'wrong_token');
  });
});
