import assert from 'node:assert/strict';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, startGateway, type GatewayTrial } from '../../support/gateway.ts';

describe('Gateway: state and tools of the provider', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    const { baseUrl } = upstream;
    trial = await startGateway({
      providers: {
        acme: { kind: 'openai-compatible', baseUrl, models: { list: ['m'] } },
        claude: { kind: 'anthropic-compatible', baseUrl, models: { list: ['c'] } },
        open: { kind: 'openai-compatible', baseUrl, builtInTools: ['mcp', 'image_generation'] },
      },
      routes: { mixed: ['open/m', 'acme/m'] },
    });
    upstream.script(
      upstreams.reply(200, { choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] }),
    );
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const messages = [{ role: 'user', content: 'Hello?' }];
  const post = (path: string, body: object) => ask(trial.origin, path, { token: trial.token, body });
  const chat = (fields: object) => post('/v1/chat/completions', { model: 'acme/m', messages, ...fields });

  it('refuses fields that use state at the provider, by name', async () => {
    for (const [name, value] of [
      ['background', true],
      ['Background', true],
      ['conversation', 'conv_1'],
      ['conversation', { id: 'conv_1' }],
      ['prompt', { id: 'pmpt_1' }],
      ['cachedContent', 'cachedContents/1'],
      ['cached_content', 'cachedContents/1'],
    ] as const) {
      const { status, code, text } = await chat({ [name]: value });
      assert.deepEqual([status, code], [400, 'unsupported_field'], name);
      assert.ok(text.includes(`'${name}'`), text);
    }
    const parts = [{ fileData: { mimeType: 'text/plain', fileUri: 'files/1' } }];
    for (const contents of [[{ parts }], [{ parts: [{ file_data: { file_uri: 'files/1' } }] }]]) {
      const { code, text } = await chat({ contents });
      assert.deepEqual([code, text.includes('fileUri')], ['unsupported_field', true]);
    }
    assert.equal(upstream.seen.length, 0);
  });

  it('takes the same fields where they use no state', async () => {
    const schema = { type: 'object', properties: { fileData: { fileUri: { type: 'string' } } } };
    const tools = [{ type: 'function', function: { name: 'read', parameters: schema } }];
    for (const fields of [{ background: false }, { background: null }, { conversation: null }, { tools }])
      assert.equal((await chat(fields)).status, 200, JSON.stringify(fields));
    const completion = { model: 'acme/m', prompt: 'def ' };
    assert.equal((await post('/v1/completions', completion)).status, 200);
  });

  it('refuses to continue a response that the tenant did not make, with the way out', async () => {
    const { status, code, text } = await chat({ previous_response_id: 'resp_1' });
    assert.deepEqual([status, code], [400, 'unknown_response']);
    assert.match(text, /Send the whole conversation/);
    assert.equal((await chat({ previous_response_id: 7 })).code, 'unknown_response');
    assert.equal((await chat({ previousResponseId: 'resp_1' })).code, 'misspelled_field');
    assert.equal((await chat({ previous_response_id: null })).status, 200);
  });

  it('refuses tools that name servers or models, on every path', async () => {
    const paths = [
      ['/v1/chat/completions', 'acme/m'],
      ['/v1/messages', 'claude/c'],
      ['/v1/messages/count_tokens', 'claude/c'],
    ] as const;
    for (const tool of [
      { type: 'mcp', server_label: 'x', server_url: 'https://mcp.example' },
      { type: 'MCP', server_label: 'x' },
      { type: 'mcp_toolset', mcp_server_name: 'x' },
      { type: 'function', serverUrl: 'https://mcp.example' },
      { mcpServers: [{ name: 'x' }] },
      { type: 'image_generation' },
      { type: 'advisor_20260301', name: 'advisor', model: 'm' },
    ]) {
      for (const [path, model] of paths) {
        const { code } = await post(path, { model, messages, max_tokens: 9, tools: [tool] });
        assert.equal(code, 'unsupported_tool', JSON.stringify(tool));
      }
    }
    const servers = { mcp_servers: [{ type: 'url', url: 'https://mcp.example', name: 'x' }] };
    const named = await post('/v1/messages', { model: 'claude/c', messages, max_tokens: 9, ...servers });
    assert.equal(named.code, 'unsupported_tool');
    assert.match(named.text, /add 'mcp' to builtInTools of the provider claude/);
    assert.equal(upstream.seen.length, 0);
  });

  it('takes such a tool only if each target of the model may use it', async () => {
    const tools = [{ type: 'mcp', server_label: 'x', server_url: 'https://mcp.example' }];
    assert.equal((await chat({ model: 'open/m', tools })).status, 200);
    assert.equal((await chat({ model: 'mixed', tools })).code, 'unsupported_tool');
    assert.equal((await chat({ model: 'open/m', tools: [{ type: 'advisor_x' }] })).code, 'unsupported_tool');
  });

  it('takes functions whatever their names and schemas', async () => {
    const parameters = {
      type: 'object',
      properties: { type: { type: 'mcp' }, server_url: { type: 'string' } },
    };
    const tools = ['mcp', 'advisor', 'image_generation'].map((name) => ({
      type: 'function',
      function: { name, parameters },
    }));
    assert.equal((await chat({ tools })).status, 200);
  });
});
