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
        open: {
          kind: 'openai-compatible',
          baseUrl,
          models: { deny: ['denied'] },
          builtInTools: ['mcp', 'image_generation'],
        },
        speaks: {
          kind: 'openai-compatible',
          dialect: 'openai-responses',
          baseUrl,
          models: { list: ['m'] },
        },
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

  it('refuses such a tool in a group of tools, and in the input of a Responses request', async () => {
    const tool = { type: 'mcp', server_label: 'x', server_url: 'https://mcp.example' };
    const group = { type: 'namespace', name: 'group', tools: [tool] };
    const input = [{ role: 'user', content: 'Hello?' }];
    const found = { call_id: 'call_1', status: 'completed' };
    for (const fields of [
      { input, tools: [group] },
      {
        input,
        tools: [
          { type: 'function', name: 'f' },
          { ...group, tools: [{ type: 'custom' }, tool] },
        ],
      },
      { input: [...input, { type: 'additional_tools', role: 'developer', tools: [tool] }] },
      { input: [...input, { type: 'additional_tools', tools: [group] }] },
      { input: [{ type: 'tool_search_output', ...found, tools: [tool] }, ...input] },
      { input, tools: [{ type: 'namespace', name: 'x', tools: [{ type: 'image_generation' }] }] },
    ]) {
      const { code } = await post('/v1/responses', { model: 'speaks/m', ...fields });
      assert.equal(code, 'unsupported_tool', JSON.stringify(fields));
    }
    assert.equal(upstream.seen.length, 0);
  });

  it('asks policy about the model that a tool in a group names', async () => {
    const tools = [
      { type: 'namespace', name: 'group', tools: [{ type: 'image_generation', model: 'denied' }] },
    ];
    assert.equal((await chat({ model: 'open/m', tools })).code, 'policy');
    assert.equal(upstream.seen.length, 0);
  });

  it('refuses odd values and names of fields without an error of its own', async () => {
    const odd = { toString: 1, valueOf: 1 };
    const reference = { type: 'tool_reference', tool_name: odd };
    const content = [{ type: 'tool_result', tool_use_id: 'a', content: [reference] }];
    const body = { model: 'acme/m', max_tokens: 9, messages: [{ role: 'user', content }] };
    const { status, code } = await post('/v1/messages', body);
    assert.deepEqual([status, code], [400, 'invalid_request']);
    for (const name of ['constructor', 'toString', 'hasOwnProperty'])
      assert.equal((await chat({ [name]: 1 })).status, 200, name);
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
      tools: [{ type: 'mcp' }],
    };
    const tools = ['mcp', 'advisor', 'image_generation'].map((name) => ({
      type: 'function',
      function: { name, parameters },
    }));
    assert.equal((await chat({ tools })).status, 200);
  });
});
