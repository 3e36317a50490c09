import assert from 'node:assert/strict';
import type { Cap } from '../../../src/guard/caps.ts';
import { defaultTimeouts } from '../../../src/guard/deadlines.ts';
import type { Refusal } from '../../../src/guard/refusal.ts';
import { err } from '../../../src/shared/result.ts';
import { anthropicEvents, goodAnthropicAnswer } from '../../support/dialect-events.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial, type TrialSettings } from '../../support/gateway.ts';

const { answer, breakOff, chatEvents, goodAnswer, reply } = upstreams;
const chat = '/v1/chat/completions';
const messages = '/v1/messages';
const shown = goodAnswer.filter((event) => !event.includes('"usage"')).join('');

/** An error in the middle of a stream, as a provider writes it. */
const echoing = 'data: {"error":{"message":"an echo","headers":"only in the raw event"}}\n\n';

describe('Gateway: calls', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const start = async (settings: Partial<TrialSettings> = {}) => {
    const { baseUrl } = upstream;
    trial = await startGateway({
      providers: {
        acme: {
          kind: 'openai-compatible',
          // For the prompts of other front doors: its clients here choose by the path.
          dialect: 'openai-responses',
          baseUrl,
          models: { list: ['m', 'both', 'org/big'], deny: ['denied'] },
        },
        other: { kind: 'openai-compatible', baseUrl, models: { list: ['both'] } },
        claude: { kind: 'anthropic-compatible', baseUrl, models: { list: ['c'] } },
        gemini: { kind: 'google', models: { list: ['g'] } },
      },
      routes: { fast: ['acme/m', 'other/both'], mixed: ['claude/c', 'acme/m'] },
      ...settings,
    });
  };
  const say = (fields: object = {}, path = chat) => {
    const body = chatBody(fields);
    return ask(trial.origin, path, { token: trial.token, body });
  };

  it("streams the provider's answer and counts it for the token's tenant", async () => {
    await start();
    const { status, headers, text } = await say();
    assert.deepEqual([status, text], [200, shown]);
    assert.match(headers['content-type'] ?? '', /^text\/event-stream/);
    assert.equal(headers['x-callguard-model'], 'acme/m');
    const [record] = trial.ledger.records;
    assert.deepEqual([record?.tenant, record?.frontDoor, record?.usage.inputTokens], ['work', 'gateway', 11]);
    assert.equal(record?.callId, headers['x-request-id']);
  });

  it("hands on the provider's request ID and rate limits, and keeps the call's own ID", async () => {
    await start();
    const headers = { 'x-request-id': 'req_of_acme', 'x-ratelimit-remaining-requests': '7' };
    upstream.script(reply(200, { choices: [] }, headers));
    const answered = await say({ stream: false });
    assert.equal(answered.headers['request-id'], 'req_of_acme');
    assert.equal(answered.headers['x-ratelimit-remaining-requests'], '7');
    const [record] = trial.ledger.records;
    assert.deepEqual([record?.requestId, record?.callId], ['req_of_acme', answered.headers['x-request-id']]);
  });

  it("hands on the provider's code and request ID with an error, in the form of each protocol", async () => {
    await start();
    const error = { type: 'invalid_request_error', code: 'context_length_exceeded', message: 'too long' };
    upstream.script(reply(400, { error }, { 'x-request-id': 'req_of_acme' }));
    for (const [path, model] of [
      [chat, 'acme/m'],
      [messages, 'claude/c'],
    ] as const) {
      const { status, headers, text } = await say({ model, max_tokens: 5 }, path);
      assert.deepEqual([status, headers['request-id']], [400, 'req_of_acme']);
      const body = JSON.parse(text) as { error: Record<string, unknown>; request_id?: string };
      assert.deepEqual(
        [body.error['code'], body.error['provider_code'], body.error['request_id'] ?? body.request_id],
        ['provider_rejected', 'context_length_exceeded', 'req_of_acme'],
      );
      assert.equal(trial.ledger.records.at(-1)?.code, 'context_length_exceeded');
    }
  });

  it('escapes a model name that a header cannot carry', async () => {
    await start();
    const { status, headers } = await say({ model: 'acme/模型:é' });
    assert.equal(status, 200);
    assert.equal(headers['x-callguard-model'], 'acme/%E6%A8%A1%E5%9E%8B:%C3%A9');
  });

  it('passes on an answer that does not stream, and an error with its status', async () => {
    await start();
    upstream.script(reply(200, { choices: [] }), reply(400, { error: { message: 'too long' } }));
    const good = await say({ stream: false });
    assert.deepEqual([good.status, good.text], [200, '{"choices":[]}']);
    assert.equal(good.headers['content-length'], '14');
    const bad = await say();
    assert.deepEqual(
      [bad.status, bad.code, bad.headers['x-should-retry']],
      [400, 'provider_rejected', 'false'],
    );
    assert.match(bad.text, /acme\/m: .*too long/);
  });

  it('settles a call before the client has its answer in one piece', async () => {
    const { baseUrl } = upstream;
    const acme = { kind: 'openai-compatible', baseUrl, models: { list: ['m'] }, limits: { callsAtOnce: 1 } };
    await start({ providers: { acme } });
    const content = 'x'.repeat(300_000);
    upstream.script(reply(200, { choices: [{ message: { content }, finish_reason: 'stop' }] }));
    for (let n = 1; n <= 20; n += 1) {
      assert.equal((await say({ stream: false })).status, 200);
      assert.equal(trial.ledger.records.length, n);
    }
  });

  it("uses Anthropic's protocol on its path, also for errors", async () => {
    await start();
    upstream.script(answer(goodAnthropicAnswer), reply(500));
    const good = await say({ model: 'claude/c' }, messages);
    assert.equal(good.text, goodAnthropicAnswer.join(''));
    const bad = await say({ model: 'claude/nowhere', max_tokens: -2 }, messages);
    assert.deepEqual(
      [bad.status, (JSON.parse(bad.text) as { type: string }).type, bad.code],
      [400, 'error', 'invalid_request'],
    );
  });

  describe('model names', () => {
    for (const [name, model, target] of [
      ['provider/model', 'acme/x', 'acme/x'],
      ['a route', 'fast', 'acme/m'],
      ['a model that only one provider has', 'm', 'acme/m'],
      ['a model with a slash in its name', 'org/big', 'acme/org/big'],
    ] as const) {
      it(`resolves ${name}`, async () => {
        await start();
        const { headers } = await say({ model });
        assert.equal(headers['x-callguard-model'], target);
        const { body } = await upstream.request(0);
        assert.equal((JSON.parse(body) as { model: string }).model, target.slice(target.indexOf('/') + 1));
      });
    }

    for (const [what, model, status, code, words] of [
      ['that no provider has', 'nothing', 400, 'model_not_found', /v1\/models/],
      ['of an unknown provider', 'nobody/m', 400, 'model_not_found', /v1\/models/],
      ['that several providers have', 'both', 400, 'ambiguous_model', /acme\/both, other\/both/],
    ] as const) {
      it(`refuses a model ${what} and names the solution`, async () => {
        await start();
        const refused = await say({ model });
        assert.deepEqual([refused.status, refused.code], [status, code]);
        assert.match(refused.text, words);
        assert.equal(upstream.seen.length, 0);
      });
    }
  });

  describe('refusals', () => {
    it('answers 400 for a policy refusal and asks clients not to retry', async () => {
      await start();
      const { status, code, headers } = await say({ model: 'acme/denied' });
      assert.deepEqual([status, code, headers['x-should-retry']], [400, 'policy', 'false']);
    });

    it('answers 429 for a cap, with its limit and usage', async () => {
      const cap: Cap = { scope: { provider: 'acme' }, kind: 'requestsPerDay', limit: 1 };
      await start({ rules: { caps: [cap] } });
      await say();
      const { status, code, headers } = await say();
      assert.deepEqual([status, code], [429, 'cap']);
      assert.deepEqual(
        [headers['x-ratelimit-limit-requests'], headers['x-ratelimit-remaining-requests']],
        ['1', '0'],
      );
    });

    it('answers 503 for an open circuit, with the remaining time', async () => {
      const circuit = { failures: 1, cooldownMs: 30_000, maxCooldownMs: 30_000, leaseMs: 30_000 };
      await start({ rules: { circuit } });
      upstream.script(reply(500));
      const failed = await say();
      assert.deepEqual([failed.status, failed.code], [502, 'provider_error']);
      const { status, code, headers } = await say();
      assert.deepEqual([status, code, headers['x-should-retry']], [503, 'circuit_open', 'true']);
      assert.ok(Number(headers['retry-after']) > 25 && Number(headers['retry-after']) <= 30);
    });

    it('answers 429 during a rate-limit pause, with the remaining time', async () => {
      await start({ rules: { retry: { retries: 0, baseMs: 1, capMs: 1, budgetShare: 1, budgetFloor: 1 } } });
      upstream.script(reply(429, '', { 'retry-after': '20' }), answer());
      const first = await say();
      assert.deepEqual(
        [first.status, first.code, first.headers['retry-after']],
        [429, 'provider_rate_limit', '20'],
      );
      const { status, code, headers } = await say();
      assert.deepEqual([status, code], [429, 'rest']);
      assert.ok(Number(headers['retry-after']) > 15 && Number(headers['retry-after']) <= 20);
    });

    it('sends one request for a rate limit that takes longer than 4 s, and asks the client to wait', async () => {
      await start();
      upstream.script(reply(429, '', { 'retry-after': '5' }), answer());
      const { status, headers } = await say();
      assert.deepEqual([status, headers['retry-after'], headers['x-should-retry']], [429, '5', 'true']);
      assert.equal(upstream.seen.length, 1);
    });

    it('hides from opencode the words that make it repeat a request, but not what the provider says about it', async () => {
      await start();
      const messageFor = async (status: number, message: string) => {
        upstream.script(reply(status, { error: { message } }, { 'retry-after': '90' }), answer());
        const headers = { 'user-agent': 'opencode/1.18.33 ai-sdk/provider-utils/4.0.23' };
        const { text } = await ask(trial.origin, chat, { token: trial.token, body: chatBody(), headers });
        return (JSON.parse(text) as { error: { message: string } }).error.message;
      };
      const tooLong = "This model's maximum context length is 50000 tokens. Try again with fewer.";
      assert.match(await messageFor(400, tooLong), /maximum context length is 50000 tokens\. Try again/);
      const limited = await messageFor(429, 'Rate limit reached. Try again later.');
      assert.doesNotMatch(limited, /429|rate limit|try again/i);
      assert.match(limited.replaceAll('\u2060', ''), /HTTP 429.*Rate limit reached\. Try again later\./);
    });

    it('answers 400 for a vault refusal and never the status of a wrong token', async () => {
      const refusal: Refusal = { kind: 'vault', provider: 'acme', problem: () => 'there is no key.' };
      await start({ ports: { openKey: () => Promise.resolve(err(refusal)) } });
      const { status, code } = await say();
      assert.deepEqual([status, code, upstream.seen.length], [400, 'vault', 0]);
    });
  });

  describe('failures', () => {
    it('answers 504 at the deadline', async () => {
      await start({ rules: { timeouts: { ...defaultTimeouts, callMs: 100 } } });
      upstream.script(upstreams.silence);
      const { status, code } = await say();
      assert.deepEqual([status, code], [504, 'timeout']);
    });

    for (const [what, behaviour, code] of [
      ['a reset', upstreams.resetAtOnce, 'provider_unreachable'],
      ["a provider's error", reply(500, { error: { message: 'out of order' } }), 'provider_error'],
      [
        'a redirect, which it does not follow',
        reply(302, '', { location: 'http://127.0.0.1:1/' }),
        'provider_error',
      ],
    ] as const) {
      it(`answers 502 for ${what}`, async () => {
        await start();
        upstream.script(behaviour);
        const failed = await say();
        assert.deepEqual([failed.status, failed.code], [502, code]);
      });
    }

    it('answers 400 for a rejected key, so that no client repeats the request', async () => {
      await start();
      upstream.script(reply(401));
      const { status, code, headers } = await say();
      assert.deepEqual([status, code, headers['x-should-retry']], [400, 'key_rejected', 'false']);
    });

    it('ends a stream that failed after content with an error and never cleanly', async () => {
      await start();
      upstream.script(breakOff([...goodAnswer.slice(0, 2), 'data: {"cho']));
      const { status, text } = await say();
      const events = text.split('\n\n').filter((event) => event !== '');
      assert.equal(status, 200);
      assert.match(events.at(-1) ?? '', /^data: \{"error":\{"message":"acme\/m: .*cut off/);
      assert.doesNotMatch(text, /\[DONE\]|"cho$/);
    });

    for (const [how, pieces] of [
      ['in a chunk of its own', [...goodAnswer.slice(0, 2), echoing]],
      [
        'in a chunk with other events and comments',
        [`${goodAnswer.slice(0, 2).join('')}: ping\n\n${echoing}`],
      ],
      ['followed by a normal end', [[...goodAnswer.slice(0, 2), echoing, ...goodAnswer.slice(2)].join('')]],
    ] as const) {
      it(`replaces an error event of the provider with its own words, ${how}`, async () => {
        await start();
        upstream.script(answer(pieces));
        const { text } = await say();
        const events = text.split('\n\n').filter((event) => event !== '' && event !== ': ping');
        assert.equal(events.length, 3);
        assert.match(events[1] ?? '', /Hello/);
        assert.match(events[2] ?? '', /^data: \{"error":\{"message":"acme\/m: .*an echo/);
        assert.doesNotMatch(text, /only in the raw event|DONE/);
      });
    }

    it("ends a failed stream of Anthropic's protocol with Anthropic's error event", async () => {
      await start();
      upstream.script(breakOff(goodAnthropicAnswer.slice(0, 5)));
      const { text } = await say({ model: 'claude/c' }, messages);
      assert.match(text, /event: error\ndata: \{"type":"error","error":\{"type":"api_error"/);
      assert.ok(!text.includes(anthropicEvents.stop));
    });
  });

  it('drops fields that would send the request to another address', async () => {
    await start();
    await say({ api_base: 'http://evil.test', base_url: 'http://evil.test', api_key: 'sk-mine' });
    const { body } = await upstream.request(0);
    assert.doesNotMatch(body, /evil|sk-mine|api_base|base_url|api_key/);
  });

  it('drops fallback models, which policy does not see', async () => {
    await start();
    const named = await say({ fallbacks: [{ model: 'denied' }] });
    const byDefault = await say({ fallbacks: 'default' });
    assert.deepEqual([named.status, byDefault.status], [200, 200]);
    for (const { body } of upstream.seen) assert.doesNotMatch(body, /fallbacks|denied/);
  });

  for (const [what, body, code] of [
    ['that is not JSON', '{"model":', 'not_json'],
    ['that is not an object', '[1]', 'not_json'],
    ['that has a field twice', '{"model":"acme/m","model":"acme/denied"}', 'duplicate_field'],
    [
      'with a list of models, which policy does not see',
      JSON.stringify(chatBody({ models: ['denied'] })),
      'unsupported_field',
    ],
    ['with a negative limit', JSON.stringify(chatBody({ max_tokens: -5 })), 'invalid_request'],
  ] as const) {
    it(`answers 400 for a body ${what}`, async () => {
      await start();
      const refused = await ask(trial.origin, chat, { token: trial.token, body });
      assert.deepEqual([refused.status, refused.code, upstream.seen.length], [400, code, 0]);
    });
  }

  it('reserves the tokens of images and of several alternatives', async () => {
    await start();
    const url = `data:image/png;base64,${'A'.repeat(100_000)}`;
    const content = [{ type: 'image_url', image_url: { url } }];
    await say({ messages: [{ role: 'user', content }], max_tokens: 10, n: 3 });
    const { demand } = trial.ledger.used[0]?.request ?? {};
    assert.equal(demand?.maxOutputTokens, 30);
    assert.ok(demand.inputTokens > 1_600 && demand.inputTokens < 2_000, String(demand.inputTokens));
  });

  it('counts an image in a tool result as an image and not as text', async () => {
    await start();
    upstream.script(answer(goodAnthropicAnswer));
    const source = { type: 'base64', media_type: 'image/png', data: 'A'.repeat(100_000) };
    const result = { type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source }] };
    const { status } = await say(
      { model: 'claude/c', messages: [{ role: 'user', content: [result] }] },
      messages,
    );
    assert.equal(status, 200);
    const { demand } = trial.ledger.used[0]?.request ?? {};
    assert.ok(demand !== undefined && demand.inputTokens > 1_600 && demand.inputTokens < 2_000);
  });

  it('tries the next target of a route if the first one sent no content', async () => {
    await start();
    upstream.script(breakOff([chatEvents.role]), answer());
    const { headers, text } = await say({ model: 'fast' });
    assert.deepEqual([headers['x-callguard-model'], text], ['other/both', shown]);
  });
});
