import assert from 'node:assert/strict';
import { gatewayLimits } from '../../../src/shared/limits.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';

const { reply } = upstreams;

describe('Gateway: final refusals', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    const { baseUrl } = upstream;
    const entry = { kind: 'openai-compatible', baseUrl };
    trial = await startGateway({
      providers: {
        acme: { ...entry, models: { list: ['m', 'both'], deny: ['denied', 'secret'] } },
        other: { ...entry, models: { list: ['both'] } },
        third: { ...entry, models: { list: ['m'] } },
        fourth: { ...entry, models: { list: ['m'] } },
        claude: { kind: 'anthropic-compatible', baseUrl, models: { list: ['c'] } },
      },
      routes: {
        long: ['acme/m', 'other/both', 'third/m', 'fourth/m'],
        mixed: ['claude/c', 'acme/m', 'claude/c', 'acme/m', 'third/m'],
        'gpt-*': ['acme/*'],
      },
    });
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const say = (fields: object, headers: Record<string, string> = {}) =>
    ask(trial.origin, '/v1/chat/completions', { token: trial.token, headers, body: chatBody(fields) });
  const claudeCode = { 'user-agent': 'claude-cli/2.1.332 (external, cli)' };

  it('get the status that the tool shows, also if no model or tool has the name', async () => {
    const tools = [{ type: 'mcp', server_url: 'https://x.invalid' }];
    for (const [fields, code] of [
      [{ model: 'nothing' }, 'model_not_found'],
      [{ model: 'gpt-9' }, 'model_not_found'],
      [{ model: 'both' }, 'ambiguous_model'],
      [{ model: 'acme/denied' }, 'policy'],
      [{ tools }, 'unsupported_tool'],
    ] as const) {
      const plain = await say(fields);
      const claude = await say(fields, claudeCode);
      assert.deepEqual([plain.status, plain.code], [400, code]);
      assert.deepEqual([claude.status, claude.code, claude.headers['x-should-retry']], [402, code, 'false']);
    }
    assert.equal(upstream.seen.length, 0);
  });

  it('count once if a tool repeats its request, whatever it changes in it', async () => {
    const counted = () => trial.ledger.records.filter(({ repeated }) => repeated !== true).length;
    for (let round = 0; round < 5; round++)
      await say({ model: 'acme/denied', max_tokens: 100 + round }, claudeCode);
    assert.equal(trial.ledger.records.length, 5);
    assert.equal(counted(), 1);
    await say({ model: 'acme/denied' });
    await say({ model: 'acme/secret' }, claudeCode);
    const token = await trial.tokenFor({ kind: 'calls', tenant: 'home' });
    const body = chatBody({ model: 'acme/denied' });
    await ask(trial.origin, '/v1/chat/completions', { token, headers: claudeCode, body });
    assert.equal(counted(), 4);
  });

  it('name the media type of a file that the provider cannot take, if it is one', async () => {
    const send = async (mimeType: string) => {
      const parts = [{ text: 'Read.' }, { inlineData: { mimeType, data: 'AAAA' } }];
      const body = { contents: [{ role: 'user', parts }] };
      return ask(trial.origin, '/v1beta/models/acme/m:generateContent', { token: trial.token, body });
    };
    const known = await send('audio/x-odd');
    assert.deepEqual([known.status, known.text.includes('audio/x-odd')], [400, true]);
    for (const type of ['font/my private words', 'private-words/of mine', `audio/${'x'.repeat(200)}`]) {
      const { status, text } = await send(type);
      assert.equal(status, 400);
      assert.ok(!/private|xxx/.test(text), text);
    }
    assert.equal(upstream.seen.length, 0);
  });

  describe('at most three requests to providers for one of a client', () => {
    for (const [what, status] of [
      ['rate limits', 429],
      ['failures', 500],
    ] as const) {
      it(`over all targets of a route, with ${what}`, async () => {
        upstream.script(reply(status, { error: { message: 'no' } }));
        for (const model of ['long', 'mixed', 'acme/m']) {
          upstream.forget();
          const given = await say({ model });
          assert.ok(given.status === status || given.status === 502, String(given.status));
          assert.equal(upstream.seen.length, gatewayLimits.attempts, model);
        }
      });
    }

    it('also if a server refuses a field of Callguard itself', async () => {
      const refused = reply(400, { error: { message: 'Unrecognized request argument: stream_options' } });
      upstream.script(reply(500, 'a'), refused, reply(500, 'b'), reply(500, 'c'), reply(500, 'd'));
      await say({ model: 'long' });
      assert.equal(upstream.seen.length, gatewayLimits.attempts);
    });
  });
});
