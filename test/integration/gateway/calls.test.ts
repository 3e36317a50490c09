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

describe('a call through the gateway', () => {
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

  it('streams what the provider sends, and counts it for the tenant of the token', async () => {
    await start();
    const { status, headers, text } = await say();
    assert.deepEqual([status, text], [200, shown]);
    assert.match(headers['content-type'] ?? '', /^text\/event-stream/);
    assert.equal(headers['x-callguard-model'], 'acme/m');
    const [record] = trial.ledger.records;
    assert.deepEqual([record?.tenant, record?.frontDoor, record?.usage.inputTokens], ['work', 'gateway', 11]);
    assert.equal(record?.callId, headers['x-request-id']);
  });

  it('says who served it also where no header can carry the name', async () => {
    await start();
    const { status, headers } = await say({ model: 'acme/模型:é' });
    assert.equal(status, 200);
    assert.equal(headers['x-callguard-model'], 'acme/%E6%A8%A1%E5%9E%8B:%C3%A9');
  });

  it('hands on an answer in one piece, and an error of the request with its status', async () => {
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

  it("speaks Anthropic's protocol on its path, errors included", async () => {
    await start();
    upstream.script(answer(goodAnthropicAnswer), reply(500));
    const good = await say({ model: 'claude/c' }, messages);
    assert.equal(good.text, goodAnthropicAnswer.join(''));
    const bad = await say({ model: 'claude/nowhere', max_tokens: -1 }, messages);
    assert.deepEqual(
      [bad.status, (JSON.parse(bad.text) as { type: string }).type, bad.code],
      [400, 'error', 'invalid_request'],
    );
  });

  describe('names its model', () => {
    for (const [name, model, target] of [
      ['as provider/model', 'acme/x', 'acme/x'],
      ['by a route', 'fast', 'acme/m'],
      ['by a route, of which the targets of other dialects are left out', 'mixed', 'acme/m'],
      ['bare, if one provider alone has it', 'm', 'acme/m'],
      ['bare with a slash in it', 'org/big', 'acme/org/big'],
    ] as const) {
      it(name, async () => {
        await start();
        const { headers } = await say({ model });
        assert.equal(headers['x-callguard-model'], target);
        const { body } = await upstream.request(0);
        assert.equal((JSON.parse(body) as { model: string }).model, target.slice(target.indexOf('/') + 1));
      });
    }

    for (const [what, model, status, code, words] of [
      ['that nobody has', 'nothing', 404, 'model_not_found', /v1\/models/],
      ['of no provider', 'nobody/m', 404, 'model_not_found', /v1\/models/],
      ['that several have', 'both', 400, 'ambiguous_model', /acme\/both, other\/both/],
      ["of Anthropic's protocol", 'claude/c', 400, 'other_dialect', /POST \/v1\/messages/],
      ["of Anthropic's protocol, bare", 'c', 400, 'other_dialect', /POST \/v1\/messages/],
      ["of Google's protocol", 'gemini/g', 400, 'other_dialect', /does not support that protocol/],
    ] as const) {
      it(`and is told the way out for one ${what}`, async () => {
        await start();
        const refused = await say({ model });
        assert.deepEqual([refused.status, refused.code], [status, code]);
        assert.match(refused.text, words);
        assert.equal(upstream.seen.length, 0);
      });
    }
  });

  describe('is refused', () => {
    it('by policy with 403, and no client asks again', async () => {
      await start();
      const { status, code, headers } = await say({ model: 'acme/denied' });
      assert.deepEqual([status, code, headers['x-should-retry']], [403, 'policy', 'false']);
    });

    it('by a cap with 429 and the figures', async () => {
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

    it('by an open circuit with 503 and the time left', async () => {
      const circuit = { failures: 1, cooldownMs: 30_000, maxCooldownMs: 30_000, leaseMs: 30_000 };
      await start({ rules: { circuit } });
      upstream.script(reply(500));
      const failed = await say();
      assert.deepEqual([failed.status, failed.code], [502, 'provider_error']);
      const { status, code, headers } = await say();
      assert.deepEqual([status, code, headers['x-should-retry']], [503, 'circuit_open', 'true']);
      assert.ok(Number(headers['retry-after']) > 25 && Number(headers['retry-after']) <= 30);
    });

    it('while the model rests with 429 and the time left', async () => {
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

    it('by the vault with 503, and never with the status of a wrong token', async () => {
      const refusal: Refusal = { kind: 'vault', provider: 'acme', problem: () => 'there is no key.' };
      await start({ ports: { openKey: () => Promise.resolve(err(refusal)) } });
      const { status, code } = await say();
      assert.deepEqual([status, code, upstream.seen.length], [503, 'vault', 0]);
    });
  });

  describe('fails', () => {
    it('with 504 at its deadline', async () => {
      await start({ rules: { timeouts: { ...defaultTimeouts, callMs: 100 } } });
      upstream.script(upstreams.silence);
      const { status, code } = await say();
      assert.deepEqual([status, code], [504, 'timeout']);
    });

    for (const [what, behaviour, code] of [
      ['a reset', upstreams.resetAtOnce, 'provider_unreachable'],
      ['an error of the provider', reply(500, { error: { message: 'out of order' } }), 'provider_error'],
      ['a rejected key', reply(401), 'key_rejected'],
      [
        'a redirect, and follows it not',
        reply(302, '', { location: 'http://127.0.0.1:1/' }),
        'provider_error',
      ],
    ] as const) {
      it(`with 502 for ${what}`, async () => {
        await start();
        upstream.script(behaviour);
        const failed = await say();
        assert.deepEqual([failed.status, failed.code], [502, code]);
      });
    }

    it('after content with an error in the stream, and never with a clean end', async () => {
      await start();
      upstream.script(breakOff([...goodAnswer.slice(0, 2), 'data: {"cho']));
      const { status, text } = await say();
      const events = text.split('\n\n').filter((event) => event !== '');
      assert.equal(status, 200);
      assert.match(events.at(-1) ?? '', /^data: \{"error":\{"message":"acme\/m: .*cut off/);
      assert.doesNotMatch(text, /\[DONE\]|"cho$/);
    });

    for (const [how, pieces] of [
      ['in a piece of its own', [...goodAnswer.slice(0, 2), echoing]],
      ['between others, comments among them', [`${goodAnswer.slice(0, 2).join('')}: ping\n\n${echoing}`]],
      [
        'and goes on as if nothing were',
        [[...goodAnswer.slice(0, 2), echoing, ...goodAnswer.slice(2)].join('')],
      ],
    ] as const) {
      it(`with our words alone where the provider tells its error in the stream, ${how}`, async () => {
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

    it("after content with an error in Anthropic's words", async () => {
      await start();
      upstream.script(breakOff(goodAnthropicAnswer.slice(0, 5)));
      const { text } = await say({ model: 'claude/c' }, messages);
      assert.match(text, /event: error\ndata: \{"type":"error","error":\{"type":"api_error"/);
      assert.ok(!text.includes(anthropicEvents.stop));
    });
  });

  it('drops the fields that would send it elsewhere', async () => {
    await start();
    await say({ api_base: 'http://evil.test', base_url: 'http://evil.test', api_key: 'sk-mine' });
    const { body } = await upstream.request(0);
    assert.doesNotMatch(body, /evil|sk-mine|api_base|base_url|api_key/);
  });

  it('drops what names other models for the case that the first one refuses, which policy does not see', async () => {
    await start();
    const named = await say({ fallbacks: [{ model: 'denied' }] });
    const byDefault = await say({ fallbacks: 'default' });
    assert.deepEqual([named.status, byDefault.status], [200, 200]);
    for (const { body } of upstream.seen) assert.doesNotMatch(body, /fallbacks|denied/);
  });

  for (const [what, body, code] of [
    ['that is not JSON', '{"model":', 'not_json'],
    ['that is no object', '[1]', 'not_json'],
    [
      'with a field twice, of which policy might judge the wrong one',
      '{"model":"acme/m","model":"acme/denied"}',
      'duplicate_field',
    ],
    [
      'with a list of models, which policy does not see',
      JSON.stringify(chatBody({ models: ['denied'] })),
      'unsupported_field',
    ],
    [
      'with a limit below 0, which would be credit',
      JSON.stringify(chatBody({ max_tokens: -5 })),
      'invalid_request',
    ],
  ] as const) {
    it(`is answered 400 for a body ${what}`, async () => {
      await start();
      const refused = await ask(trial.origin, chat, { token: trial.token, body });
      assert.deepEqual([refused.status, refused.code, upstream.seen.length], [400, code, 0]);
    });
  }

  it('reserves what its images and alternatives cost', async () => {
    await start();
    const url = `data:image/png;base64,${'A'.repeat(100_000)}`;
    const content = [{ type: 'image_url', image_url: { url } }];
    await say({ messages: [{ role: 'user', content }], max_tokens: 10, n: 3 });
    const { demand } = trial.ledger.used[0]?.request ?? {};
    assert.equal(demand?.maxOutputTokens, 30);
    assert.ok(demand.inputTokens > 1_600 && demand.inputTokens < 2_000, String(demand.inputTokens));
  });

  it('takes an image that a tool gives back for an image, not for its bytes as text', async () => {
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

  it('goes on to the next target of its route when nothing but its lifecycle came', async () => {
    await start();
    upstream.script(breakOff([chatEvents.role]), answer());
    const { headers, text } = await say({ model: 'fast' });
    assert.deepEqual([headers['x-callguard-model'], text], ['other/both', shown]);
  });
});
