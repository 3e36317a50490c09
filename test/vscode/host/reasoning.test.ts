import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { anthropicEvents } from '../../support/dialect-events.ts';
import {
  answer,
  chatEvents,
  reply,
  startFaultUpstream,
  type FaultUpstream,
} from '../../support/fault-upstream.ts';
import { configure, offered, read, user, type Answer } from '../../support/vscode/host-models.ts';

type Json = Readonly<Record<string, unknown>>;

const tool: vscode.LanguageModelChatTool = {
  name: 't',
  description: 'A tool',
  inputSchema: { type: 'object' },
};
const chunk = (delta: Json) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
const { block, delta, endBlock } = anthropicEvents;

/** A server like each provider's: an answer that thinks and calls a tool, a last answer, and what has to come back. */
const servers = {
  deepseek: {
    thinks: [
      chunk({ reasoning_content: 'Let me ' }),
      chunk({ reasoning_content: 'see.' }),
      chunk({
        tool_calls: [
          { index: 0, id: 'call_0', type: 'function', function: { name: 't', arguments: '{"a":1}' } },
        ],
      }),
      chatEvents.callsTools,
      chatEvents.done,
    ],
    answers: [chatEvents.text('Done.'), chatEvents.stop, chatEvents.done],
    sent: (body: Json) => (body['messages'] as Json[])[1]?.['reasoning_content'],
    expected: 'Let me see.',
  },
  claude: {
    thinks: [
      anthropicEvents.start,
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'Let me see.' }),
      delta(0, { type: 'signature_delta', signature: 'c2ln' }),
      endBlock(0),
      block(1, { type: 'redacted_thinking', data: 'cmVk' }),
      endBlock(1),
      block(2, { type: 'tool_use', id: 'toolu_1', name: 't', input: {} }),
      delta(2, { type: 'input_json_delta', partial_json: '{"a":1}' }),
      endBlock(2),
      anthropicEvents.end('tool_use'),
      anthropicEvents.stop,
    ],
    answers: [
      anthropicEvents.start,
      block(0),
      anthropicEvents.text('Done.'),
      endBlock(0),
      anthropicEvents.end(),
      anthropicEvents.stop,
    ],
    sent: (body: Json) => ((body['messages'] as Json[])[1]?.['content'] as Json[]).slice(0, 2),
    expected: [
      { type: 'thinking', thinking: 'Let me see.', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'cmVk' },
    ],
  },
  // At its OpenAI-compatible address, which needs no key here. Its own protocol is tested without an editor.
  gemini: {
    thinks: [
      chunk({
        tool_calls: [
          {
            ...{ index: 0, id: 'call_1', type: 'function', function: { name: 't', arguments: '{"a":1}' } },
            extra_content: { google: { thought_signature: 'c2ln' } },
          },
        ],
      }),
      chatEvents.callsTools,
      chatEvents.done,
    ],
    answers: [chatEvents.text('Done.'), chatEvents.stop, chatEvents.done],
    sent: (body: Json) =>
      ((body['messages'] as Json[])[1]?.['tool_calls'] as Json[]).map((call) => call['extra_content']),
    expected: [{ google: { thought_signature: 'c2ln' } }],
  },
} as const;

describe('reasoning through vscode.lm', () => {
  let upstream: FaultUpstream;

  before(async () => {
    upstream = await startFaultUpstream();
    const { baseUrl } = upstream;
    const shared = { baseUrl, models: { list: ['thinker'] }, retry: { base: 0.01, cap: 0.01 } };
    await configure({
      deepseek: { kind: 'openai-compatible', ...shared },
      claude: { kind: 'anthropic-compatible', ...shared },
      gemini: { kind: 'openai-compatible', ...shared },
    });
  });

  beforeEach(() => {
    upstream.forget();
  });

  after(async () => {
    await configure(undefined);
    await upstream.close();
  });

  async function loop(
    name: keyof typeof servers,
    returned: (given: Answer) => readonly object[],
  ): Promise<Json> {
    const { thinks, answers } = servers[name];
    upstream.script(answer(thinks), answer(answers));
    const model = await offered(`${name}/thinker`);
    const question = user('Why?');
    const first = await read(await model.sendRequest([question], { tools: [tool] }));
    const [called] = first.calls;
    assert.ok(called !== undefined);
    const asked = vscode.LanguageModelChatMessage.Assistant([]);
    asked.content = returned(first) as typeof asked.content;
    const result = new vscode.LanguageModelToolResultPart(called.callId, [
      new vscode.LanguageModelTextPart('sun'),
    ]);
    const results = vscode.LanguageModelChatMessage.User([result]);
    const last = await read(await model.sendRequest([question, asked, results], { tools: [tool] }));
    assert.equal(last.text, 'Done.');
    return JSON.parse(upstream.seen[1]?.body ?? '{}') as Json;
  }

  for (const name of ['deepseek', 'claude', 'gemini'] as const) {
    it(`goes back to a server like ${name} with a consumer that keeps only the tool calls`, async () => {
      const body = await loop(name, ({ calls }) => calls);
      assert.deepEqual(servers[name].sent(body), servers[name].expected);
    });

    it(`goes back to a server like ${name} with a consumer that keeps thinking parts, whatever became of the call`, async () => {
      const body = await loop(name, ({ calls, thoughts }) => {
        assert.ok(thoughts.length > 0);
        // With other arguments, nothing is found in the store.
        const [call] = calls;
        assert.ok(call !== undefined);
        return [...thoughts, new vscode.LanguageModelToolCallPart(call.callId, call.name, { a: 2 })];
      });
      assert.deepEqual(servers[name].sent(body), servers[name].expected);
    });
  }

  it('that is lost gives an answer without it at a server that asks for it', async () => {
    const message = 'The `reasoning_content` in the thinking mode must be passed back to the API.';
    upstream.script(reply(400, { error: { message } }), answer(servers.deepseek.answers));
    const model = await offered('deepseek/thinker');
    const call = new vscode.LanguageModelToolCallPart('call_9', 't', { a: 9 });
    const result = new vscode.LanguageModelToolResultPart('call_9', [
      new vscode.LanguageModelTextPart('sun'),
    ]);
    const messages = [
      user('Why?'),
      vscode.LanguageModelChatMessage.Assistant([call]),
      vscode.LanguageModelChatMessage.User([result]),
    ];
    assert.equal((await read(await model.sendRequest(messages, { tools: [tool] }))).text, 'Done.');
    assert.equal(upstream.seen.length, 2);
  });

  const finish = (reason: string) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })}\n\n`;

  for (const [what, events, says] of [
    [
      'only reasoning, up to the output limit',
      [chunk({ reasoning_content: 'Hm.' }), finish('length')],
      /used its whole output limit for reasoning/,
    ],
    ['nothing', [finish('stop')], /The model returned nothing/],
    [
      'a part of the text, up to the output limit',
      [chatEvents.text('Hel'), finish('length')],
      /ends at the output limit/,
    ],
    [
      'a part of the text, up to a content filter',
      [chatEvents.text('Hel'), finish('content_filter')],
      /content filter ended/,
    ],
  ] as const)
    it(`is not all that a consumer learns of an answer with ${what}`, async () => {
      upstream.script(answer([...events, chatEvents.done]));
      const model = await offered('deepseek/thinker');
      await assert.rejects(async () => read(await model.sendRequest([user('Why?')])), says);
    });

  it('lets an answer end at the limit that the consumer itself set', async () => {
    upstream.script(answer([chatEvents.text('Hel'), finish('length'), chatEvents.done]));
    const model = await offered('deepseek/thinker');
    const modelOptions = { max_tokens: 5 };
    assert.equal((await read(await model.sendRequest([user('Why?')], { modelOptions }))).text, 'Hel');
  });
});

describe('what VS Code lists of a model', () => {
  let upstream: FaultUpstream;

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(reply(200, { data: [{ id: 'near', max_model_len: 16_384 }, { id: 'far' }] }));
    const list = ['near', 'far', 'nomic-embed-text', 'own'];
    const details = { own: { contextTokens: 100_000, maxOutputTokens: 20_000, tools: true, images: true } };
    await configure({
      vllm: { kind: 'vllm', baseUrl: upstream.baseUrl, models: { list, details } },
      elsewhere: {
        kind: 'openai-compatible',
        baseUrl: upstream.baseUrl,
        models: { list: ['unknown', 'gpt-4o'] },
      },
    });
  });

  after(async () => {
    await configure(undefined);
    await upstream.close();
  });

  for (const [id, tokens, what] of [
    ['vllm/near', 16_384 - 4_096, 'the context of the server of the user'],
    ['vllm/far', 8_192 - 4_096, 'a careful context for a local model about which nothing is known'],
    ['vllm/own', 80_000, 'what the user wrote'],
    ['elsewhere/unknown', 128_000 - 4_096, 'the usual context for a model about which nothing is known'],
  ] as const)
    it(`has ${what}`, async () => {
      assert.equal((await offered(id)).maxInputTokens, tokens);
    });

  it('has no models of embeddings', async () => {
    await offered('vllm/own');
    const models = await vscode.lm.selectChatModels({ vendor: 'callguard' });
    assert.deepEqual(
      models.filter(({ id }) => id.includes('embed')),
      [],
    );
  });
});
