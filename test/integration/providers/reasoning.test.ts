import assert from 'node:assert/strict';
import type { LanguageModelV4Message } from '@ai-sdk/provider';
import type { Call, Part, Target } from '../../../src/guard/call.ts';
import type { CallResult } from '../../../src/guard/call-state.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import { createReasoningGuard } from '../../../src/providers/reasoning/reasoning-guard.ts';
import { createResolver } from '../../../src/providers/rules/resolver.ts';
import { createSender } from '../../../src/providers/transport/sender.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { ok } from '../../../src/shared/result.ts';
import { anthropicEvents, googleEvents, responsesEvents } from '../../support/dialect-events.ts';
import {
  answer,
  chatEvents,
  reply,
  startFaultUpstream,
  type FaultUpstream,
} from '../../support/fault-upstream.ts';
import { callOf, noCredentials } from '../../support/guard-fixture.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { senderOptions } from '../../support/sender.ts';

type Json = Readonly<Record<string, unknown>>;

const chunk = (delta: Json) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
const chatCall = (id: string, more: Json = {}) =>
  chunk({
    tool_calls: [{ index: 0, id, type: 'function', function: { name: 't', arguments: '{}' }, ...more }],
  });
const chatAnswer = (...deltas: string[]) => answer([...deltas, chatEvents.callsTools, chatEvents.done]);
const chatText = answer([chatEvents.text('Done'), chatEvents.stop, chatEvents.done]);

const { block, delta, endBlock } = anthropicEvents;
const anthropicCall = (index: number, id: string) => [
  block(index, { type: 'tool_use', id, name: 't', input: {} }),
  delta(index, { type: 'input_json_delta', partial_json: '{}' }),
  endBlock(index),
];
const anthropicAnswer = (...events: string[]) =>
  answer([anthropicEvents.start, ...events, anthropicEvents.end('tool_use'), anthropicEvents.stop]);
const thinking = (index: number, text: string, signature: string) => [
  block(index, { type: 'thinking', thinking: '', signature: '' }),
  delta(index, { type: 'thinking_delta', thinking: text }),
  delta(index, { type: 'signature_delta', signature }),
  endBlock(index),
];

describe('reasoning over a tool loop', () => {
  let upstream: FaultUpstream;
  let foreign: Target[];
  let guard: ReturnType<typeof createReasoningGuard>;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
    foreign = [];
    const { baseUrl } = upstream;
    const retry = { base: 0.001, cap: 0.001 };
    const providers = parseProviders({
      chat: { kind: 'openai-compatible', baseUrl, retry },
      other: { kind: 'openai-compatible', baseUrl, retry },
      responses: { kind: 'openai-compatible', dialect: 'openai-responses', baseUrl, retry },
      claude: { kind: 'anthropic-compatible', baseUrl, retry },
      gemini: { kind: 'google', baseUrl, retry },
    });
    const settings = { providers, limits: [], workspaceModels: [], workspaceLimits: {} };
    const noFacts = () => undefined;
    const resolver = createResolver(
      () => settings,
      () => noFacts,
    );
    const config = providers.usable.get('chat');
    assert.ok(config !== undefined, JSON.stringify(providers.broken));
    guard = createReasoningGuard({
      ...resolver,
      checkPrompt: (call) => Promise.resolve(ok(call.prompt)),
      ledger: new MemoryLedger(systemClock),
      openKey: () => Promise.resolve(ok(noCredentials)),
      sender: createSender({
        ...senderOptions(config),
        onForeignReasoning: (target) => foreign.push(target),
      }),
      clock: systemClock,
      random: { next: () => 0 },
      onLedgerTrouble: (error) => {
        throw error;
      },
    });
  });

  afterEach(() => upstream.close());

  /** Sends the messages, and returns the answer's text and tool calls as a client of any protocol would return them. */
  async function ask(
    target: Target | readonly [Target, ...Target[]],
    messages: readonly LanguageModelV4Message[],
    over: Partial<Call> = {},
  ): Promise<{ message: LanguageModelV4Message; result: CallResult; parts: Part[] }> {
    const targets = 'provider' in target ? ([target] as const) : target;
    const call = callOf({ targets, prompt: { prompt: [...messages], tools: [tool] }, ...over });
    const parts: Part[] = [];
    const run = guard.run(call);
    for (;;) {
      const next = await run.next();
      if (next.done !== true) {
        parts.push(next.value);
        continue;
      }
      const text = parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
      const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
      const content = [
        ...(text === '' ? [] : [{ type: 'text' as const, text }]),
        ...calls.map(({ toolCallId, toolName, input }) => {
          const call = { type: 'tool-call' as const, toolCallId, toolName };
          return { ...call, input: JSON.parse(input) as unknown };
        }),
      ];
      return { message: { role: 'assistant', content }, result: next.value, parts };
    }
  }

  const lastBody = () => upstream.seen.at(-1)?.body ?? '{}';
  const tool = { type: 'function', name: 't', inputSchema: { type: 'object' } } as const;
  const question: LanguageModelV4Message = { role: 'user', content: [{ type: 'text', text: 'Why?' }] };

  function resultsFor(message: LanguageModelV4Message): LanguageModelV4Message {
    assert.ok(message.role === 'assistant');
    return {
      role: 'tool',
      content: message.content.flatMap((part) =>
        part.type === 'tool-call'
          ? [
              {
                type: 'tool-result',
                toolCallId: part.toolCallId,
                toolName: 't',
                output: { type: 'text', value: 'sun' },
              } as const,
            ]
          : [],
      ),
    };
  }

  /** One turn of the loop: the second request, after the model called its tools. */
  async function loop(target: Target, over: Partial<Call> = {}, second: Partial<Call> = over): Promise<Json> {
    const first = await ask(target, [question], over);
    assert.equal(first.result.kind, 'done', JSON.stringify(first.result));
    await ask(target, [question, first.message, resultsFor(first.message)], second);
    return JSON.parse(lastBody()) as Json;
  }

  const assistantsOf = (body: Json) =>
    (body['messages'] as Json[]).filter(({ role }) => role === 'assistant');
  const chat = { provider: 'chat', model: 'm' };
  const claude = { provider: 'claude', model: 'm' };

  it('is sent back as reasoning_content to a server that sent it so', async () => {
    upstream.script(
      chatAnswer(
        chunk({ reasoning_content: 'Let me ' }),
        chunk({ reasoning_content: 'see.' }),
        chatCall('c'),
      ),
      chatText,
    );
    const [message] = assistantsOf(await loop(chat));
    assert.equal(message?.['reasoning_content'], 'Let me see.');
    assert.equal('reasoning' in message, false);
  });

  it('is sent back as reasoning to a server that calls it so', async () => {
    upstream.script(chatAnswer(chunk({ reasoning: 'Let me see.' }), chatCall('c')), chatText);
    const [message] = assistantsOf(await loop(chat));
    assert.equal(message?.['reasoning'], 'Let me see.');
    assert.equal('reasoning_content' in message, false);
  });

  it("is sent back as OpenRouter's reasoning_details, put together", async () => {
    const detail = { type: 'reasoning.text', index: 0, format: 'f' };
    const secret = { type: 'reasoning.encrypted', data: 'c2Vj', index: 1, id: 'c' };
    upstream.script(
      chatAnswer(
        chunk({ reasoning: 'Let me ', reasoning_details: [{ ...detail, text: 'Let me ' }] }),
        chunk({ reasoning: 'see.', reasoning_details: [{ ...detail, text: 'see.' }] }),
        chunk({ reasoning_details: [{ ...detail, signature: 's' }] }),
        chatCall('c'),
        chunk({ reasoning_details: [secret] }),
      ),
      chatText,
    );
    const [message] = assistantsOf(await loop(chat));
    assert.deepEqual(message?.['reasoning_details'], [
      { ...detail, text: 'Let me see.', signature: 's' },
      secret,
    ]);
    assert.equal('reasoning' in message, false);
  });

  it('is not sent back to a server that has it among the pieces of its text', async () => {
    const thought = { type: 'thinking', thinking: [{ type: 'text', text: 'Let me see.' }] };
    upstream.script(chatAnswer(chunk({ content: [thought] }), chatCall('c')), chatText);
    const body = JSON.stringify(await loop(chat));
    assert.doesNotMatch(body, /reasoning|Let me see/);
  });

  it('has a signature of Gemini behind an OpenAI-compatible address', async () => {
    const signed = { extra_content: { google: { thought_signature: 'c2ln' } } };
    upstream.script(chatAnswer(chatCall('c', signed)), chatText);
    const [message] = assistantsOf(await loop(chat));
    assert.match(JSON.stringify(message), /"extra_content":\{"google":\{"thought_signature":"c2ln"\}\}/);
  });

  it('stands as a blank in answers without it, once a server shows that it uses reasoning_content', async () => {
    upstream.script(chatAnswer(chunk({ reasoning_content: 'Hm.' }), chatCall('c')), chatText);
    const first = await ask(chat, [question]);
    const earlier: LanguageModelV4Message[] = [
      question,
      { role: 'assistant', content: [{ type: 'text', text: 'No.' }] },
    ];
    await ask(chat, [...earlier, question, first.message, resultsFor(first.message)]);
    const body = JSON.parse(lastBody()) as Json;
    assert.deepEqual(
      assistantsOf(body).map((message) => message['reasoning_content']),
      [' ', 'Hm.'],
    );
  });

  for (const [server, message] of [
    ['DeepSeek', 'The `reasoning_content` in the thinking mode must be passed back to the API.'],
    [
      'Moonshot',
      'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
    ],
  ] as const)
    it(`that is lost gives an answer without it at ${server}, which refuses a request without any`, async () => {
      const refusal = reply(400, JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
      upstream.script(refusal, chatText, chatText);
      const call = { type: 'tool-call', toolCallId: 'c', toolName: 't', input: {} } as const;
      const asked: LanguageModelV4Message = { role: 'assistant', content: [call] };
      const { result } = await ask(chat, [question, asked, resultsFor(asked)]);
      assert.deepEqual([result.kind, result.attempts], ['done', 2]);
      // From now on, no request is refused.
      const second = await ask(chat, [question, asked, resultsFor(asked)]);
      assert.deepEqual([second.result.kind, second.result.attempts], ['done', 1]);
      for (const { body } of upstream.seen.slice(1))
        assert.deepEqual(assistantsOf(JSON.parse(body) as Json)[0]?.['reasoning_content'], ' ');
    });

  it('is left out for a server that does not know the field in a request', async () => {
    const refusal = reply(400, JSON.stringify({ error: { message: "property 'reasoning' is unsupported" } }));
    upstream.script(chatAnswer(chunk({ reasoning: 'Hm.' }), chatCall('c')), refusal, chatText);
    const [message] = assistantsOf(await loop(chat));
    assert.equal(upstream.seen.length, 3);
    assert.equal('reasoning' in (message ?? {}), false);
  });

  it('is sent back as signed and as redacted thinking, in its order', async () => {
    upstream.script(
      anthropicAnswer(
        ...thinking(0, 'Let me see.', 'c2ln'),
        block(1, { type: 'redacted_thinking', data: 'cmVk' }),
        endBlock(1),
        block(2),
        delta(2, { type: 'text_delta', text: 'I look.' }),
        endBlock(2),
        ...thinking(3, 'Twice.', 'dHdv'),
        ...anthropicCall(4, 'c'),
        ...anthropicCall(5, 'd'),
      ),
      answer([anthropicEvents.start, anthropicEvents.end(), anthropicEvents.stop]),
    );
    const [message] = assistantsOf(await loop(claude));
    assert.deepEqual(message?.['content'], [
      { type: 'thinking', thinking: 'Let me see.', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'cmVk' },
      { type: 'text', text: 'I look.' },
      { type: 'thinking', thinking: 'Twice.', signature: 'dHdv' },
      { type: 'tool_use', id: 'c', name: 't', input: {} },
      { type: 'tool_use', id: 'd', name: 't', input: {} },
    ]);
  });

  it("is sent back as Gemini's thoughts and signatures", async () => {
    const parts = [
      { text: 'Let me see.', thought: true },
      { functionCall: { id: 'c', name: 't', args: {} }, thoughtSignature: 'c2ln' },
      { functionCall: { id: 'd', name: 't', args: {} } },
    ];
    upstream.script(answer([googleEvents.parts(parts, 'STOP')]), answer([googleEvents.text('Done', 'STOP')]));
    const body = await loop({ provider: 'gemini', model: 'gemini-3-pro' });
    const model = (body['contents'] as Json[]).find(({ role }) => role === 'model');
    const sent = model?.['parts'] as Json[];
    assert.deepEqual(sent[0], { text: 'Let me see.', thought: true });
    assert.deepEqual(
      sent.slice(1).map(({ thoughtSignature }) => thoughtSignature),
      ['c2ln', undefined],
    );
  });

  it('is sent back as encrypted reasoning to the Responses API', async () => {
    const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'ZW5j' };
    const called = {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'c',
      name: 't',
      arguments: '{}',
      status: 'completed',
    };
    upstream.script(
      answer([
        responsesEvents.created,
        responsesEvents.item(0, item),
        responsesEvents.endItem(0, item),
        responsesEvents.item(1, { ...called, arguments: '' }),
        responsesEvents.endItem(1, called),
        responsesEvents.completed,
      ]),
    );
    const body = await loop({ provider: 'responses', model: 'm' });
    const input = body['input'] as Json[];
    assert.deepEqual(
      input.map(({ type, role, encrypted_content }) => [type ?? role, encrypted_content]),
      [
        ['user', undefined],
        ['reasoning', 'ZW5j'],
        ['function_call', undefined],
        ['function_call_output', undefined],
      ],
    );
  });

  it('is not sent to another provider, also if a route leads there, which is reported once', async () => {
    upstream.script(
      chatAnswer(chunk({ reasoning_content: 'Hm.' }), chatCall('c')),
      reply(503, '{}'),
      chatText,
    );
    const route = [chat, { provider: 'other', model: 'm' }] as const;
    const first = await ask(route, [question]);
    const { result } = await ask(route, [question, first.message, resultsFor(first.message)]);
    assert.deepEqual([result.kind, result.target.provider], ['done', 'other']);
    const bodies = upstream.seen.slice(1).map(({ body }) => /reasoning_content/.test(body));
    assert.deepEqual(bodies, [true, false]);
    assert.deepEqual(foreign, [{ provider: 'other', model: 'm' }]);
  });

  for (const [who, second] of [
    ['tenant', { tenant: 'b' }],
    ['caller', { caller: 'b' }],
    ['token', { token: { id: 'b', name: 'b', caps: {}, models: [] } }],
    ['front door', { frontDoor: 'gateway', source: 'gateway' }],
  ] as const)
    it(`is not found by another ${who}`, async () => {
      upstream.script(chatAnswer(chunk({ reasoning_content: 'Hm.' }), chatCall('c')), chatText);
      const first = { tenant: 'a', caller: 'a', token: { id: 'a', name: 'a', caps: {}, models: [] } };
      assert.doesNotMatch(JSON.stringify(await loop(chat, first, { ...first, ...second })), /reasoning/);
    });
});
