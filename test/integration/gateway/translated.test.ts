import assert from 'node:assert/strict';
import { jsonLimits } from '../../../src/shared/limits.ts';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { goodAnswers, toolAnswers } from '../../support/dialect-events.ts';
import {
  answer,
  breakOff,
  chatEvents,
  reply,
  startFaultUpstream,
  type FaultUpstream,
} from '../../support/fault-upstream.ts';
import { ask, startGateway, type GatewayTrial } from '../../support/gateway.ts';

type Dialect = keyof typeof goodAnswers;

/** What a client showed. */
interface Shown {
  readonly text: string;
  readonly calls: readonly unknown[];
  readonly usage: readonly (number | undefined)[];
  readonly stop: string | null | undefined;
}

type Ask = (origin: string, apiKey: string, model: string, streams: boolean) => Promise<Shown>;

const parameters = { type: 'object', properties: { city: { type: 'string' } } } as const;

const chat: Ask = async (origin, apiKey, model, streams) => {
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries: 0 });
  const body = {
    model,
    messages: [{ role: 'user', content: 'Hello?' }],
    tools: [{ type: 'function', function: { name: 'forecast', parameters: { ...parameters } } }],
  } satisfies OpenAI.ChatCompletionCreateParams;
  const done = streams
    ? await client.chat.completions
        .stream({ ...body, stream: true, stream_options: { include_usage: true } })
        .finalChatCompletion()
    : await client.chat.completions.create(body);
  const [choice] = done.choices;
  return {
    text: choice?.message.content ?? '',
    calls: (choice?.message.tool_calls ?? []).map((call) =>
      call.type === 'function' ? [call.function.name, JSON.parse(call.function.arguments)] : call,
    ),
    usage: [done.usage?.prompt_tokens, done.usage?.completion_tokens],
    stop: choice?.finish_reason,
  };
};

const responses: Ask = async (origin, apiKey, model, streams) => {
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries: 0 });
  const body = {
    model,
    input: 'Hello?',
    tools: [{ type: 'function', name: 'forecast', parameters: { ...parameters }, strict: false }],
  } satisfies OpenAI.Responses.ResponseCreateParams;
  const done = streams
    ? await client.responses.stream(body).finalResponse()
    : await client.responses.create(body);
  return {
    text: done.output
      .flatMap((item) => (item.type === 'message' ? item.content : []))
      .map((part) => (part.type === 'output_text' ? part.text : ''))
      .join(''),
    calls: done.output.flatMap((item) =>
      item.type === 'function_call' ? [[item.name, JSON.parse(item.arguments)]] : [],
    ),
    usage: [done.usage?.input_tokens, done.usage?.output_tokens],
    stop: done.status,
  };
};

const messages: Ask = async (origin, apiKey, model, streams) => {
  const client = new Anthropic({ baseURL: origin, apiKey, maxRetries: 0 });
  const body = {
    model,
    max_tokens: 500,
    messages: [{ role: 'user', content: 'Hello?' }],
    tools: [{ name: 'forecast', input_schema: { ...parameters } }],
  } satisfies Anthropic.MessageCreateParams;
  const done = streams
    ? await client.messages.stream(body).finalMessage()
    : await client.messages.create(body);
  const { input_tokens: input, output_tokens: output } = done.usage;
  const { cache_creation_input_tokens: written, cache_read_input_tokens: read } = done.usage;
  return {
    text: done.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    calls: done.content.flatMap((block) => (block.type === 'tool_use' ? [[block.name, block.input]] : [])),
    usage: [input + (written ?? 0) + (read ?? 0), output],
    stop: done.stop_reason,
  };
};

const generate: Ask = async (origin, apiKey, model, streams) => {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: origin } });
  const request = {
    model,
    contents: 'Hello?',
    config: {
      tools: [{ functionDeclarations: [{ name: 'forecast', parametersJsonSchema: parameters }] }],
    },
  };
  const chunks = [];
  if (streams)
    for await (const chunk of await client.models.generateContentStream(request)) chunks.push(chunk);
  else chunks.push(await client.models.generateContent(request));
  const candidates = chunks.flatMap((chunk) => chunk.candidates ?? []);
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  const usage = chunks.at(-1)?.usageMetadata;
  return {
    text: parts.map(({ text = '' }) => text).join(''),
    calls: parts.flatMap(({ functionCall: call }) => (call === undefined ? [] : [[call.name, call.args]])),
    usage: [usage?.promptTokenCount, (usage?.totalTokenCount ?? 0) - (usage?.promptTokenCount ?? 0)],
    stop: candidates.at(-1)?.finishReason,
  };
};

const clients = {
  'openai-chat': chat,
  'openai-responses': responses,
  'anthropic-messages': messages,
  'google-generative': generate,
} as const;
const stops: Readonly<Record<Dialect, readonly [text: string, calls: string]>> = {
  'openai-chat': ['stop', 'tool_calls'],
  'openai-responses': ['completed', 'completed'],
  'anthropic-messages': ['end_turn', 'tool_use'],
  'google-generative': ['STOP', 'STOP'],
};

describe('Gateway: any protocol to any provider', () => {
  let upstream: FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
    const entry = { baseUrl: upstream.baseUrl, models: { list: ['m'] }, retry: { retries: 0 } };
    trial = await startGateway({
      providers: {
        'openai-chat': { kind: 'openai-compatible', ...entry },
        'openai-responses': { kind: 'openai-compatible', dialect: 'openai-responses', ...entry },
        'anthropic-messages': { kind: 'anthropic-compatible', ...entry },
        'google-generative': { kind: 'google', ...entry },
      },
      routes: { mixed: ['openai-chat/m', 'anthropic-messages/m'] },
    });
  });
  afterEach(async () => {
    await trial.gateway.stop();
    assert.deepEqual(trial.troubles, []);
    await upstream.close();
  });

  const dialects = Object.keys(clients) as Dialect[];
  for (const protocol of dialects) {
    for (const dialect of dialects) {
      for (const streams of [true, false]) {
        // What is passed through has tests of its own. A stream alone is what this upstream has.
        if (protocol === dialect) continue;
        if (protocol === 'openai-chat' && dialect === 'openai-responses') continue;
        const way = `${protocol} from ${dialect}${streams ? '' : ' in one piece'}`;

        it(`gives a client of ${way} text, stop reason and usage`, async () => {
          upstream.script(answer(goodAnswers[dialect]));
          const shown = await clients[protocol](trial.origin, trial.token, `${dialect}/m`, streams);
          const [stop] = stops[protocol];
          assert.deepEqual(shown, { text: 'Hello world', calls: [], usage: [11, 3], stop });
        });

        it(`gives a client of ${way} two tool calls at once`, async () => {
          upstream.script(answer(toolAnswers[dialect]));
          const shown = await clients[protocol](trial.origin, trial.token, `${dialect}/m`, streams);
          const calls = [
            ['forecast', { city: 'Bern' }],
            ['forecast', { city: 'Rome' }],
          ];
          assert.deepEqual([shown.calls, shown.stop], [calls, stops[protocol][1]]);
          assert.ok((shown.usage[0] ?? 0) > 0);
        });
      }
    }
  }

  describe('errors', () => {
    const bodies: Readonly<Record<Dialect, readonly [path: string, body: object]>> = {
      'openai-chat': ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Hello?' }] }],
      'openai-responses': ['/v1/responses', { input: 'Hello?' }],
      'anthropic-messages': [
        '/v1/messages',
        { max_tokens: 10, messages: [{ role: 'user', content: 'Hello?' }] },
      ],
      'google-generative': ['', { contents: [{ role: 'user', parts: [{ text: 'Hello?' }] }] }],
    };
    const send = (protocol: Dialect, model: string, fields: object = {}) => {
      const [path, body] = bodies[protocol];
      const google = protocol === 'google-generative';
      const named = google ? {} : { model, stream: true };
      const url = google ? `/v1beta/models/${model}:streamGenerateContent?alt=sse` : path;
      return ask(trial.origin, url, { token: trial.token, body: { ...body, ...named, ...fields } });
    };
    const before: Readonly<Record<Dialect, RegExp>> = {
      'openai-chat': /^\{"error":\{"message":".*acme says no.*"code":"provider_rejected"/,
      'openai-responses': /^\{"error":\{"message":".*acme says no.*"code":"provider_rejected"/,
      'anthropic-messages':
        /^\{"type":"error","error":\{"type":"invalid_request_error","message":".*acme says no/,
      'google-generative': /^\{"error":\{"code":400,"message":".*acme says no.*","status":"INVALID_ARGUMENT"/,
    };
    const middle: Readonly<Record<Dialect, RegExp>> = {
      'openai-chat': /data: \{"error":\{/,
      'openai-responses': /event: response\.failed\ndata: \{"type":"response\.failed"/,
      'anthropic-messages': /event: error\ndata: \{"type":"error"/,
      'google-generative': /data: \{"error":\{"code":502/,
    };
    for (const protocol of dialects) {
      const dialect = protocol === 'openai-chat' ? 'anthropic-messages' : 'openai-chat';

      it(`come in the form of ${protocol} before the stream`, async () => {
        upstream.script(reply(400, { error: { message: 'acme says no' } }));
        const { status, text } = await send(protocol, `${dialect}/m`);
        assert.equal(status, 400);
        assert.match(text, before[protocol]);
      });

      it(`come in the form of ${protocol} in the middle of the stream`, async () => {
        upstream.script(breakOff(goodAnswers[dialect].slice(0, dialect === 'openai-chat' ? 2 : 4)));
        const { status, text } = await send(protocol, `${dialect}/m`);
        assert.equal(status, 200);
        assert.match(text, middle[protocol]);
        assert.doesNotMatch(text, /\[DONE\]|message_stop|response\.completed|finishReason/);
      });
    }

    it('name a field that cannot be translated', async () => {
      const { status, code, text } = await send('openai-chat', 'anthropic-messages/m', { n: 2 });
      assert.deepEqual([status, code], [400, 'unsupported_field']);
      assert.match(text, /The field 'n' is not supported/);
      assert.equal(upstream.seen.length, 0);
    });
  });

  it('sends each target of a route what it speaks: the request as it is, or translated', async () => {
    upstream.script(reply(500), answer(goodAnswers['anthropic-messages']));
    const shown = await chat(trial.origin, trial.token, 'mixed', true);
    assert.equal(shown.text, 'Hello world');
    const [first, second] = upstream.seen;
    assert.match(first?.url ?? '', /chat\/completions$/);
    assert.match(second?.url ?? '', /messages$/);
    assert.match(second?.body ?? '', /"role":"user","content":\[\{"type":"text","text":"Hello\?"/);
  });

  it('passes a request of the Responses API on byte for byte but its model', async () => {
    upstream.script(answer(goodAnswers['openai-responses']));
    const body = `{ "model" : "openai-responses/m","input":[{"role":"user","content":"Hi"}] , "stream":true, "x":1.0}`;
    const { status, text } = await ask(trial.origin, '/v1/responses', { token: trial.token, body });
    assert.equal(status, 200);
    assert.equal(text, goodAnswers['openai-responses'].join(''));
    assert.equal(upstream.seen[0]?.body, body.replace('openai-responses/m', 'm'));
    assert.match(upstream.seen[0].url, /\/responses$/);
  });

  it('translates no request with more values than it can decode at once, and passes it on where it need not', async () => {
    const item = JSON.stringify({ role: 'user', content: 'Hi' });
    const items = Array(jsonLimits.translatedValues / 2)
      .fill(item)
      .join(',');
    const send = (model: string) =>
      ask(trial.origin, '/v1/responses', {
        token: trial.token,
        body: `{"model":"${model}","input":[${items}]}`,
      });
    const { status, code } = await send('openai-chat/m');
    assert.deepEqual([status, code, upstream.seen.length], [413, 'too_large', 0]);
    upstream.script(reply(200, { object: 'response', status: 'completed', output: [], usage: {} }));
    await send('openai-responses/m');
    assert.equal(upstream.seen.length, 1);
  });

  it('names the message of a long conversation that cannot be read', async () => {
    const messages = [
      ...Array<unknown>(3_000).fill({ role: 'user', content: 'x'.repeat(100) }),
      { role: 'x' },
    ];
    const body = { model: 'anthropic-messages/m', messages };
    const { status, text } = await ask(trial.origin, '/v1/chat/completions', { token: trial.token, body });
    assert.equal(status, 400);
    assert.match(text, /messages\.3000\.role/);
    assert.equal(upstream.seen.length, 0);
  });

  it('says which target served a translated answer', async () => {
    upstream.script(answer([chatEvents.text('Hi'), chatEvents.stop, chatEvents.done]));
    const body = { model: 'openai-chat/m', input: 'Hello?', stream: true };
    const { headers } = await ask(trial.origin, '/v1/responses', { token: trial.token, body });
    assert.equal(headers['x-callguard-model'], 'openai-chat/m');
    assert.equal(trial.ledger.records.length, 1);
  });
});
