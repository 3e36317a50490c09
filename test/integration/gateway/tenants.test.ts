import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as upstreams from '../../support/fault-upstream.ts';
import { seed } from '../../support/fuzz.ts';
import { ask, gatewayParts, type GatewayParts } from '../../support/gateway.ts';
import type { Gateway } from '../../../src/gateway/gateway.ts';

const { reply } = upstreams;
const paths = ['speaks/m', 'm', 'route', 'any-name', 'translated/x'] as const;

describe('Gateway: tenants', () => {
  let upstream: upstreams.FaultUpstream;
  let parts: GatewayParts;
  let gateway: Gateway;
  let origin: string;

  const restart = async () => {
    gateway = parts.create();
    const started = await gateway.start();
    if (!started.ok) throw new Error('the gateway did not start');
    origin = `http://127.0.0.1:${started.value.port}`;
  };

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    const { baseUrl } = upstream;
    parts = await gatewayParts({
      providers: {
        speaks: { kind: 'openai-compatible', dialect: 'openai-responses', baseUrl, models: { list: ['m'] } },
        translated: { kind: 'openai-compatible', baseUrl, models: { list: ['x'] } },
        gem: { kind: 'google', baseUrl, models: { list: ['g'] } },
        claude: { kind: 'anthropic-compatible', baseUrl, models: { list: ['c'] } },
      },
      routes: { route: ['speaks/m'], 'any-*': ['speaks/m'] },
    });
    await restart();
  });
  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
    assert.deepEqual(parts.troubles, []);
  });

  const send = (token: string, body: object) => ask(origin, '/v1/responses', { token, body });
  const answerWith = (id: string) => {
    const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi.' }] }];
    const usage = { input_tokens: 5, output_tokens: 2, total_tokens: 7 };
    upstream.script(reply(200, { id, object: 'response', status: 'completed', output, usage }));
  };

  it('cannot continue the responses of each other, by any name of the model, nor after a restart', async () => {
    const [a, b] = [
      await parts.tokenFor({ kind: 'calls', tenant: 'a' }),
      await parts.tokenFor({ kind: 'calls', tenant: 'b' }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.uuid(),
        fc.constantFrom('speaks/m', 'm', 'route', 'any-name'),
        fc.constantFrom(...paths),
        async (uuid, made, asked) => {
          const id = `resp_${uuid}`;
          answerWith(id);
          assert.equal((await send(a, { model: made, input: 'Hello?' })).status, 200);
          upstream.forget();
          const next = { model: asked, input: 'Go on.', previous_response_id: id };
          assert.equal((await send(b, next)).code, 'unknown_response');
          assert.equal(upstream.seen.length, 0);
          assert.equal((await send(a, { ...next, model: made })).status, 200);
        },
      ),
      { numRuns: 15, seed },
    );
    answerWith('resp_last');
    await send(a, { model: 'm', input: 'Hello?' });
    await gateway.stop();
    await restart();
    upstream.forget();
    for (const token of [a, b]) {
      const { code } = await send(token, { model: 'm', input: 'x', previous_response_id: 'resp_last' });
      assert.equal(code, 'unknown_response');
    }
    assert.equal(upstream.seen.length, 0);
  });

  it('cannot name servers or models in tools on any path, to any provider', async () => {
    const token = await parts.tokenFor({ kind: 'calls', tenant: 'a' });
    const messages = [{ role: 'user', content: 'x' }];
    const contents = [{ parts: [{ text: 'x' }] }];
    const tool = fc.constantFrom<object>(
      { type: 'mcp', server_label: 'x', server_url: 'https://mcp.example' },
      { type: 'Mcp', connector_id: 'connector_x' },
      { type: 'mcp_toolset', mcp_server_name: 'x' },
      { type: 'image_generation' },
      { type: 'advisor_20260301', name: 'advisor' },
      { mcpServers: [{ name: 'x' }] },
      { mcp_servers: [{ name: 'x' }] },
      { type: 'function', name: 'f', serverUrl: 'https://mcp.example' },
    );
    const place = fc.constantFrom<(tools: object[], model: string) => [path: string, body: object]>(
      (tools, model) => ['/v1/chat/completions', { model, messages, tools }],
      (tools, model) => ['/v1/messages', { model, messages, max_tokens: 5, tools }],
      (tools, model) => ['/v1/messages/count_tokens', { model, messages, tools }],
      (tools, model) => ['/v1/responses', { model, input: 'x', tools }],
      (tools, model) => ['/v1/responses', { model, input: 'x', tools: [{ type: 'namespace', tools }] }],
      (tools, model) => [`/v1beta/models/${model}:generateContent`, { contents, tools }],
      (tools, model) => [
        `/v1beta/models/${model}:countTokens`,
        { generateContentRequest: { contents, tools } },
      ],
    );
    const model = fc.constantFrom('speaks/m', 'translated/x', 'gem/g', 'claude/c', 'route', 'any-name');
    await fc.assert(
      fc.asyncProperty(tool, place, model, async (named, at, asked) => {
        const [path, body] = at([named], asked);
        const { status, text } = await ask(origin, path, { token, body });
        assert.equal(status, 400, `${path} ${JSON.stringify(body)}`);
        assert.match(text, /unsupported_tool|unsupported_field/);
      }),
      { numRuns: 120, seed },
    );
    assert.equal(upstream.seen.length, 0);
  });
});
