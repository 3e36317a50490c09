import assert from 'node:assert/strict';
import type { ProviderEntry } from '../../../src/providers/config/provider-entry.ts';
import type { WireDialect } from '../../../src/providers/dialects/dialects.ts';
import {
  anthropicEvents,
  goodAnswers,
  googleEvents,
  responsesEvents,
  toolAnswers,
} from '../../support/dialect-events.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { wordsOf } from '../../support/languages.ts';
import { attempt, hello, provider, senderOptions, textOf } from '../../support/sender.ts';

const { answer, breakOff, reply, stall } = upstreams;

const image = new Uint8Array([137, 80, 78, 71]);
const tools = [
  {
    type: 'function',
    name: 'forecast',
    description: 'The weather',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } } },
  },
];
/** A question with an image, two tools called at once, and their results. */
const conversation = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'Which weather is this?' },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: image } },
    ],
  },
  {
    role: 'assistant',
    content: ['Bern', 'Rome'].map((city, index) => ({
      type: 'tool-call',
      toolCallId: `call_${index}`,
      toolName: 'forecast',
      input: { city },
    })),
  },
  {
    role: 'tool',
    content: ['rain', 'sun'].map((value, index) => ({
      type: 'tool-result',
      toolCallId: `call_${index}`,
      toolName: 'forecast',
      output: { type: 'text', value },
    })),
  },
];

/** How each dialect writes the tools, the image and the results. */
const words: Readonly<Record<WireDialect, readonly RegExp[]>> = {
  'openai-chat': [
    /"tool_choice":"required"/,
    /data:image\/png;base64,iVBORw==/,
    /"role":"tool","tool_call_id":"call_1","content":"sun"/,
  ],
  'openai-responses': [
    /"tool_choice":"required"/,
    /"type":"input_image","image_url":"data:image\/png;base64,iVBORw=="/,
    /"type":"function_call_output","call_id":"call_1","output":"sun"/,
    /"type":"function","name":"forecast",.*"strict":false/,
  ],
  'anthropic-messages': [
    /"tool_choice":\{"type":"any"/,
    /"media_type":"image\/png","data":"iVBORw=="/,
    /"type":"tool_result","tool_use_id":"call_1","content":"sun"/,
  ],
  'google-generative': [
    /"mode":"ANY"/,
    /"inlineData":\{"mimeType":"image\/png","data":"iVBORw=="/,
    /"functionResponse":.*"sun"/,
  ],
};

const entries: Readonly<Record<WireDialect, ProviderEntry>> = {
  'openai-chat': { kind: 'openai-compatible' },
  'openai-responses': { kind: 'openai-compatible', dialect: 'openai-responses' },
  'anthropic-messages': { kind: 'anthropic-compatible' },
  'google-generative': { kind: 'google' },
};

const ending = /\[DONE\]|"finish_reason":"|"stop_reason":"|message_stop|finishReason|response\.completed/;

for (const [dialect, entry] of Object.entries(entries) as [WireDialect, ProviderEntry][]) {
  describe(`createSender for ${dialect}`, () => {
    let upstream: upstreams.FaultUpstream;

    beforeEach(async () => {
      upstream = await upstreams.startFaultUpstream();
    });
    afterEach(() => upstream.close());

    const send = (over: Parameters<typeof attempt>[1] = {}) =>
      attempt(senderOptions(provider({ ...entry, baseUrl: upstream.baseUrl })), over);
    const good = goodAnswers[dialect];

    it('sends tools, their results and an image', async () => {
      upstream.script(answer(good));
      await send({ prompt: { prompt: conversation, tools, toolChoice: { type: 'required' } } });
      const { body } = await upstream.request(0);
      for (const word of words[dialect]) assert.match(body, word);
    });

    it('calls two tools at once', async () => {
      upstream.script(answer(toolAnswers[dialect]));
      const { parts, report } = await send({ prompt: { ...structuredClone(hello), tools } });
      assert.equal(report.outcome.kind, 'complete');
      const calls = parts.flatMap(({ part }) => (part.type === 'tool-call' ? [part] : []));
      assert.deepEqual(
        calls.map(({ toolName, input }) => [toolName, JSON.parse(input) as unknown]),
        [
          ['forecast', { city: 'Bern' }],
          ['forecast', { city: 'Rome' }],
        ],
      );
      assert.equal(new Set(calls.map(({ toolCallId }) => toolCallId)).size, 2);
      const finish = parts.at(-1)?.part;
      assert.equal(finish?.type === 'finish' && finish.finishReason.unified, 'tool-calls');
    });

    it('reports an answer without its end marker as cut, with the usage so far', async () => {
      // A reason with a clean end of the connection would be an end, too.
      upstream.script(answer(good.filter((event) => !ending.test(event))));
      const sent = await send();
      assert.equal(sent.report.outcome.kind, 'cut');
      assert.equal(wordsOf(sent.report.outcome), 'it ended without an end marker');
      assert.ok(sent.parts.some(({ content }) => content));
      assert.ok(!sent.parts.some(({ part }) => part.type === 'finish'));
      // In openai-responses the missing end marker is the event with usage.
      assert.equal(sent.report.usage?.inputTokens, dialect === 'openai-responses' ? undefined : 11);
    });

    it('reports an answer as cut when the connection breaks', async () => {
      upstream.script(breakOff(good.slice(0, -1)));
      assert.equal((await send()).report.outcome.kind, 'cut');
    });

    it('closes the socket when it is aborted', async () => {
      upstream.script(stall(good.slice(0, -1)));
      const abort = new AbortController();
      const sent = send({ signal: abort.signal });
      const request = await upstream.request(0);
      abort.abort();
      assert.equal((await sent).report.outcome.kind, 'aborted');
      await request.closed;
    });

    it('never includes the prompt in a message', async () => {
      upstream.script(answer(['data: {"type":7,"choices":7,"candidates":7}\n\n', ...good]));
      const prompt = [{ role: 'user', content: [{ type: 'text', text: 'the-prompt' }] }];
      const { report } = await send({ prompt: { prompt } });
      assert.doesNotMatch(JSON.stringify(report) + wordsOf(report.outcome), /the-prompt/);
    });

    it('reports an error without a status as the provider sent it', async () => {
      upstream.script(
        reply(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
      );
      const { outcome } = (await send()).report;
      const type = 'overloaded_error';
      assert.deepEqual(outcome, { kind: 'http', status: 529, message: 'Overloaded', type });
    });
  });
}

describe('createSender: only openai-responses', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const send = (over: Parameters<typeof attempt>[1] = {}) =>
    attempt(
      senderOptions(provider({ kind: 'openai', dialect: 'openai-responses', baseUrl: upstream.baseUrl })),
      over,
    );
  const { created, text, failed, error, incomplete, completed } = responsesEvents;
  const begun = goodAnswers['openai-responses'].slice(0, 3);
  const counted = { inputTokens: 11, cachedInputTokens: 4, outputTokens: 3 };

  for (const [name, event] of [
    ['response.failed', failed('server_error', 'The server had an error')],
    ['error', error('server_error', 'The server had an error')],
  ] as const) {
    it(`reports a failure for the event ${name}, before and after content`, async () => {
      upstream.script(answer([created, event]), answer([...begun, event, completed]));
      const [before, after] = [await send(), await send()];
      for (const { report } of [before, after]) {
        const said = { status: 500, code: 'server_error', message: 'The server had an error' };
        assert.deepEqual(report.outcome, { kind: 'errorEvent', ...said });
      }
      assert.deepEqual([textOf(before.parts), textOf(after.parts)], ['', 'Hello']);
      assert.ok(!before.parts.some(({ content }) => content));
      assert.deepEqual(after.report.usage, name === 'error' ? undefined : counted);
    });
  }

  for (const [reason, unified] of [
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
  ] as const) {
    it(`reports an answer that ${reason} ended as complete`, async () => {
      upstream.script(answer([...begun, incomplete(reason)]));
      const { report, parts } = await send();
      assert.deepEqual([report.outcome.kind, report.usage], ['complete', counted]);
      const finish = parts.at(-1)?.part;
      assert.equal(finish?.type === 'finish' && finish.finishReason.unified, unified);
    });
  }

  it('reports an answer as complete at response.completed, whatever follows', async () => {
    upstream.script(stall([...goodAnswers['openai-responses'], text('more')]));
    const { report, parts } = await send();
    assert.deepEqual([report.outcome.kind, textOf(parts)], ['complete', 'Hello world']);
  });

  it('yields reasoning as content', async () => {
    const item = { type: 'reasoning', id: 'rs_1', encrypted_content: null, summary: [] };
    const delta = { type: 'response.reasoning_summary_text.delta', item_id: 'rs_1', summary_index: 0 };
    const thought = `data: ${JSON.stringify({ ...delta, output_index: 0, delta: 'Hm.' })}\n\n`;
    upstream.script(answer([created, responsesEvents.item(0, item), thought, completed]));
    const { parts } = await send();
    assert.deepEqual(
      parts.filter(({ content }) => content).map(({ part }) => part.type),
      ['reasoning-delta'],
    );
  });

  it('asks a reasoning model to store nothing and to return encrypted reasoning', async () => {
    upstream.script(answer(goodAnswers['openai-responses']));
    await send({ model: 'gpt-5' });
    const sent = JSON.parse((await upstream.request(0)).body) as Record<string, unknown>;
    assert.deepEqual([sent['store'], sent['include']], [false, ['reasoning.encrypted_content']]);
  });
});

describe('createSender: only anthropic-messages', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const send = () => attempt(senderOptions(provider({ kind: 'anthropic', baseUrl: upstream.baseUrl })));

  it('reports an error event inside a 200, before and after content', async () => {
    const error = anthropicEvents.error('overloaded_error', 'Overloaded');
    const good = goodAnswers['anthropic-messages'];
    upstream.script(answer([good[0] ?? '', error]), answer([...good.slice(0, 4), error, ...good.slice(4)]));
    const [before, after] = [await send(), await send()];
    for (const { report } of [before, after]) {
      const said = { status: 529, type: 'overloaded_error', message: 'Overloaded' };
      assert.deepEqual(report.outcome, { kind: 'errorEvent', ...said });
    }
    assert.deepEqual([textOf(before.parts), textOf(after.parts)], ['', 'Hello']);
    assert.deepEqual(
      before.parts.filter(({ content }) => content),
      [],
    );
  });

  it('reports used-up credit in a 400', async () => {
    const message = 'Your credit balance is too low to access the Anthropic API.';
    upstream.script(reply(400, { type: 'error', error: { type: 'invalid_request_error', message } }));
    const type = 'invalid_request_error';
    assert.deepEqual((await send()).report.outcome, { kind: 'outOfCredit', status: 400, message, type });
  });

  it('reports an answer as complete at message_stop, whatever follows', async () => {
    upstream.script(stall([...goodAnswers['anthropic-messages'], anthropicEvents.ping]));
    assert.equal((await send()).report.outcome.kind, 'complete');
  });
});

describe('createSender: only google-generative', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const send = () => attempt(senderOptions(provider({ kind: 'google', baseUrl: upstream.baseUrl })));

  it('reports a wrong key in a 400', async () => {
    const message = 'API key not valid. Please pass a valid API key.';
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
    upstream.script(reply(400, { error: { code: 400, message, status: 'INVALID_ARGUMENT', details } }));
    const { report } = await send();
    const names = { code: 'API_KEY_INVALID', type: 'INVALID_ARGUMENT' };
    assert.deepEqual(
      [report.outcome, report.status],
      [{ kind: 'http', status: 401, message, ...names }, 400],
    );
  });

  it('reads the time to wait from the body of a 429', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' }];
    upstream.script(reply(429, { error: { code: 429, message: 'Quota exceeded', details } }));
    const { outcome } = (await send()).report;
    assert.ok(outcome.kind === 'http');
    assert.equal(outcome.retryAfterMs, 34_500);
  });

  it('reports an error in the middle of a stream', async () => {
    upstream.script(answer([googleEvents.text('Hello'), googleEvents.error('The model is overloaded')]));
    const { report, parts } = await send();
    const said = { status: 503, type: 'UNAVAILABLE', message: 'The model is overloaded' };
    assert.deepEqual(report.outcome, { kind: 'errorEvent', ...said });
    assert.equal(textOf(parts), 'Hello');
  });

  it('reads usage in a chunk after the one with the finish reason', async () => {
    const reason = googleEvents.text('!', 'STOP');
    const late = `data: ${JSON.stringify({ usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 77 } })}\n\n`;
    upstream.script(answer([reason, late]));
    const { report } = await send();
    assert.deepEqual([report.outcome.kind, report.usage?.outputTokens], ['complete', 78]);
  });
});

it('every dialect of the catalogue is tested here', () => {
  for (const [dialect, entry] of Object.entries(entries)) {
    const baseUrl = 'https://api.example.com/v1';
    assert.equal(provider({ ...entry, baseUrl }).dialect, dialect);
  }
});
