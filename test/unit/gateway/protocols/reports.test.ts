import assert from 'node:assert/strict';
import type { ProtocolName } from '../../../../src/gateway/protocols/protocol.ts';
import { loadProtocol } from '../../../../src/gateway/protocols/protocols.ts';
import type { WireDialect } from '../../../../src/providers/dialects/dialects.ts';
import { sentBody } from '../../../support/sent-body.ts';
import { resultOf } from '../../../support/work-result.ts';

// Faults of other gateways, from their public issues, each named where it was reported.

const user = { role: 'user', content: 'Go on.' };
const tool = (name: string, parameters: object = { type: 'object', properties: {} }) => ({
  type: 'function',
  function: { name, parameters },
});

async function sent(protocol: ProtocolName, body: object, dialect: WireDialect) {
  const decoded = resultOf((await loadProtocol[protocol]()).decode(body));
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
  return sentBody(dialect, decoded.value.prompt);
}

async function refusal(protocol: ProtocolName, body: object): Promise<string> {
  const decoded = resultOf((await loadProtocol[protocol]()).decode(body));
  return decoded.ok ? '' : decoded.error.message;
}

describe('faults that were reported of other gateways', () => {
  it('a forced tool keeps its name at Anthropic (decolua/9router#1592, mozilla-ai/any-llm#646)', async () => {
    const choice = { type: 'function', function: { name: 'look' } };
    const { body } = await sent(
      'openai-chat',
      { messages: [user], tools: [tool('look')], tool_choice: choice },
      'anthropic-messages',
    );
    assert.deepEqual(body['tool_choice'], { type: 'tool', name: 'look' });
  });

  it('any tool becomes a required one in chat completions (hivecommons/hive#1643)', async () => {
    const tools = [{ name: 'look', input_schema: { type: 'object', properties: {} } }];
    const { body } = await sent(
      'anthropic-messages',
      { max_tokens: 9, messages: [user], tools, tool_choice: { type: 'any' } },
      'openai-chat',
    );
    assert.equal(body['tool_choice'], 'required');
  });

  it('a choice goes with the tools that were dropped, or is refused (BerriAI/litellm#25477)', async () => {
    const search = { type: 'web_search_20250305', name: 'web_search' };
    const request = { max_tokens: 9, messages: [user], tools: [search] };
    const { body } = await sent(
      'anthropic-messages',
      { ...request, tool_choice: { type: 'auto' } },
      'openai-chat',
    );
    assert.deepEqual([body['tools'], body['tool_choice']], [undefined, undefined]);
    assert.match(
      await refusal('anthropic-messages', { ...request, tool_choice: { type: 'tool', name: 'web_search' } }),
      /tool_choice/,
    );
  });

  it("a tool of Anthropic's own without a name is dropped", async () => {
    const { body } = await sent(
      'anthropic-messages',
      { max_tokens: 9, messages: [user], tools: [{ type: 'browser_toolset_20260801' }] },
      'openai-chat',
    );
    assert.equal(body['tools'], undefined);
  });

  it('allowed tools and one call at a time arrive (maximhq/bifrost#7348)', async () => {
    const allowed = { mode: 'required', tools: [{ type: 'function', function: { name: 'look' } }] };
    const { body } = await sent(
      'openai-chat',
      {
        messages: [user],
        tools: [tool('look'), tool('hear')],
        tool_choice: { type: 'allowed_tools', allowed_tools: allowed },
        parallel_tool_calls: false,
      },
      'anthropic-messages',
    );
    assert.deepEqual(body['tool_choice'], { type: 'any', disable_parallel_tool_use: true });
    assert.deepEqual(
      (body['tools'] as { name: string }[]).map(({ name }) => name),
      ['look'],
    );
  });

  it('turns of the user in a row reach Anthropic (BerriAI/litellm#21584)', async () => {
    const contents = ['first', 'second'].map((text) => ({ role: 'user', parts: [{ text }] }));
    const systemInstruction = { role: 'user', parts: [{ text: 'Be brief.' }] };
    const { body } = await sent('google-generative', { contents, systemInstruction }, 'anthropic-messages');
    assert.match(JSON.stringify(body['messages']), /first.*second/);
    assert.match(JSON.stringify(body['system']), /Be brief/);
  });

  it('a schema arrives at Google in a field that takes all of JSON Schema (pizza-bot-app/pizza-bot#62)', async () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { city: { type: 'string', const: 'Bern' } },
      type: 'object',
      properties: { city: { $ref: '#/$defs/city' }, count: { type: 'integer', exclusiveMinimum: 0 } },
      additionalProperties: false,
    };
    const { body } = await sent(
      'openai-chat',
      { messages: [user], tools: [tool('look', schema)] },
      'google-generative',
    );
    const text = JSON.stringify(body['tools']);
    assert.match(text, /"parametersJsonSchema":\{/);
    assert.match(text, /exclusiveMinimum/);
    assert.doesNotMatch(text, /"parameters":/);
  });

  it('empty arguments of a call become an object (labring/FastGPT#4754)', async () => {
    const call = { id: 'c1', type: 'function', function: { name: 'now', arguments: '' } };
    const messages = [
      user,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: '12:00' },
    ];
    const { body } = await sent('openai-chat', { messages, tools: [tool('now')] }, 'anthropic-messages');
    assert.match(JSON.stringify(body['messages']), /"name":"now","input":\{\}/);
  });

  it('no empty text goes to Anthropic, which refuses it (open-webui/open-webui#21918)', async () => {
    const empty = [{ type: 'text', text: '' }];
    const call = { id: 'c1', type: 'function', function: { name: 'now', arguments: '{}' } };
    const messages = [
      { role: 'system', content: '' },
      { role: 'user', content: [...empty, { type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: empty, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: empty },
      {
        role: 'user',
        content: [
          { type: 'text', text: ' ' },
          { type: 'text', text: 'Go on.' },
        ],
      },
    ];
    const { body } = await sent('openai-chat', { messages, tools: [tool('now')] }, 'anthropic-messages');
    assert.doesNotMatch(JSON.stringify([body['system'], body['messages']]), /"type":"text","text":"\s*"/);
  });

  it('a stop sequence of blanks is left out at Anthropic, which refuses it', async () => {
    const { body, losses } = await sent(
      'openai-chat',
      { messages: [user], stop: ['\n\n', 'END'] },
      'anthropic-messages',
    );
    assert.deepEqual(body['stop_sequences'], ['END']);
    assert.deepEqual(losses, ['modelOption (stopSequences)']);
  });

  it('a temperature above 1 is within the range of Anthropic', async () => {
    const { body } = await sent('openai-chat', { messages: [user], temperature: 1.7 }, 'anthropic-messages');
    assert.equal(body['temperature'], 1);
  });

  it('messages of developers are of the system', async () => {
    const { body } = await sent(
      'openai-chat',
      { messages: [{ role: 'developer', content: 'Be brief.' }, user] },
      'anthropic-messages',
    );
    assert.match(JSON.stringify(body['system']), /Be brief/);
  });

  it('results of an older form are refused by name', async () => {
    const messages = [user, { role: 'function', name: 'now', content: '12:00' }];
    assert.match(await refusal('openai-chat', { messages }), /messages\.role/);
  });
});
