import assert from 'node:assert/strict';
import type { PassThroughPrompt } from '../../../../src/guard/call.ts';
import { passThroughBodyFor } from '../../../../src/providers/passthrough/passthrough-body.ts';
import { contentBytes } from '../../../../src/providers/passthrough/passthrough-content.ts';

const raw = (body: string, over: Partial<PassThroughPrompt> = {}): PassThroughPrompt => ({
  dialect: 'openai-chat',
  body,
  headers: {},
  streams: true,
  inputTokens: 1,
  ...over,
});

describe('a raw body', () => {
  it('goes out as it came when there is nothing to touch', () => {
    const body = '{"model":"m" ,"stream":true,"stream_options":{"include_usage":true}}';
    assert.deepEqual(passThroughBodyFor(raw(body), 'm', undefined), { body, hidesUsage: false });
  });

  it("names the model as the provider does, and asks for usage on the guard's account", () => {
    const { body, hidesUsage } = passThroughBodyFor(raw('{"model":"acme/m","stream":true}'), 'm', undefined);
    assert.equal(body, '{"model":"m","stream":true,"stream_options":{"include_usage":true}}');
    assert.equal(hidesUsage, true);
  });

  it('keeps the other stream options of the client', () => {
    const body = '{"model":"m","stream_options":{"include_usage":false,"include_obfuscation":false}}';
    assert.deepEqual(JSON.parse(passThroughBodyFor(raw(body), 'm', undefined).body), {
      model: 'm',
      stream_options: { include_usage: true, include_obfuscation: false },
    });
  });

  for (const [what, over] of [
    ['an answer in one piece', { streams: false }],
    ['another dialect', { dialect: 'anthropic-messages' }],
  ] as const) {
    it(`asks for no usage of ${what}, which has it anyway`, () => {
      assert.deepEqual(passThroughBodyFor(raw('{"model":"m"}', over), 'm', undefined), {
        body: '{"model":"m"}',
        hidesUsage: false,
      });
    });
  }

  const one = { streams: false, maxOutputTokens: 90 };

  it('gets the limit that strict caps give it, shared by its alternatives, under the name that the provider knows', () => {
    const { body } = passThroughBodyFor(raw('{"model":"m","n":3}', one), 'm', 'max_completion_tokens');
    assert.equal(body, '{"model":"m","n":3,"max_completion_tokens":30}');
  });

  it('keeps the limit that it has, under either name', () => {
    for (const name of ['max_tokens', 'max_completion_tokens']) {
      const body = `{"model":"m","${name}":7}`;
      assert.equal(passThroughBodyFor(raw(body, one), 'm', undefined).body, body);
    }
    const nulled = passThroughBodyFor(raw('{"model":"m","max_tokens":null}', one), 'm', undefined);
    assert.equal(nulled.body, '{"model":"m","max_tokens":90}');
  });
});

describe('content in an event', () => {
  const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
  for (const [what, json, bytes] of [
    ['text', delta({ content: 'Größe' }), 7],
    ['reasoning', delta({ reasoning_content: 'hm' }), 2],
    ['a refusal', delta({ refusal: 'no' }), 2],
    ['tool arguments', delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '{}' } }] }), 2],
    ['a role alone', delta({ role: 'assistant', content: '' }), 0],
    ['usage', { choices: [], usage: { prompt_tokens: 1 } }, 0],
    ["Anthropic's text", { type: 'content_block_delta', delta: { type: 'text_delta', text: 'abc' } }, 3],
    [
      "Anthropic's beginning of a tool call",
      { type: 'content_block_start', content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } },
      0,
    ],
    ["Anthropic's first event", { type: 'message_start', message: { content: [], model: 'claude' } }, 0],
    ['what is no event at all', 'text', 0],
  ] as const) {
    it(`counts ${bytes} bytes for ${what}`, () => {
      assert.equal(contentBytes(json), bytes);
    });
  }

  it('does not follow an answer that is nested without end', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`) as unknown;
    assert.equal(contentBytes(delta({ content: deep })), 0);
  });
});
