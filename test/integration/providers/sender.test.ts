import assert from 'node:assert/strict';
import type { Outcome } from '../../../src/guard/outcome.ts';
import type { TranslatedAttempt } from '../../../src/providers/config/editor-models.ts';
import { ok } from '../../../src/shared/result.ts';
import { createSender } from '../../../src/providers/transport/sender.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { noCredentials, resolvedTarget } from '../../support/guard-fixture.ts';
import { wordsOf } from '../../support/languages.ts';
import {
  attempt,
  compatible,
  hello,
  provider,
  senderOptions,
  textOf,
  type Sent,
} from '../../support/sender.ts';
import { testKey } from '../../support/wire.ts';

const { answer, breakOff, chatEvents, goodAnswer, reply, resetAtOnce, stall } = upstreams;
const partly = goodAnswer.slice(0, 2);

const kinds = ({ parts }: Sent) => parts.map(({ part }) => part.type);
const contents = ({ parts }: Sent) => parts.filter(({ content }) => content).map(({ part }) => part.type);
const chunk = (delta: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;

describe('createSender', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const send = (over: Parameters<typeof attempt>[1] = {}) =>
    attempt(senderOptions(compatible(upstream.baseUrl)), over);

  it('sends the prompt to the model, asks for usage, and uses the key of the wire', async () => {
    await send({ prompt: { ...structuredClone(hello), maxOutputTokens: 9, temperature: 0.5 } });
    const { url, body, headers } = await upstream.request(0);
    assert.equal(url, '/v1/chat/completions');
    assert.equal(headers.authorization, `Bearer ${testKey}`);
    assert.deepEqual(JSON.parse(body), {
      model: 'm',
      messages: [{ role: 'user', content: 'Hello?' }],
      max_tokens: 9,
      temperature: 0.5,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('yields the answer, marks its content, and reports the result of the wire', async () => {
    const sent = await send();
    assert.equal(textOf(sent.parts), 'Hello world');
    assert.deepEqual(contents(sent), ['text-delta', 'text-delta']);
    assert.equal(kinds(sent).at(-1), 'finish');
    assert.deepEqual(sent.report, {
      outcome: { kind: 'complete' },
      status: 200,
      usage: { inputTokens: 11, cachedInputTokens: 4, outputTokens: 3 },
    });
    assert.deepEqual(sent.progress, ['connected', 'headers', 'bytes']);
  });

  it('reports the rate-limit headers of the provider', async () => {
    upstream.script(reply(503, {}, { 'anthropic-ratelimit-requests-remaining': '7', 'x-request-id': '1' }));
    const { report } = await send();
    assert.deepEqual(report.rateLimits, { 'anthropic-ratelimit-requests-remaining': '7' });
  });

  it('marks reasoning, refusals and tool arguments as content', async () => {
    const call = { index: 0, id: 'c', type: 'function', function: { name: 'look', arguments: '' } };
    upstream.script(
      answer([
        chunk({ reasoning_content: 'Hm' }),
        chunk({ refusal: 'No' }),
        chunk({ tool_calls: [call] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }),
        chatEvents.stop,
        chatEvents.done,
      ]),
    );
    const sent = await send();
    assert.deepEqual(contents(sent), ['reasoning-delta', 'text-delta', 'tool-input-delta', 'tool-call']);
    assert.ok(kinds(sent).includes('tool-input-start'));
  });

  it('yields no content for pings and a role', async () => {
    upstream.script(answer([chatEvents.ping, chatEvents.role]));
    assert.deepEqual(contents(await send()), []);
  });

  it('accepts an answer without a finish reason', async () => {
    upstream.script(answer([...partly, chatEvents.done]));
    const sent = await send();
    const last = sent.parts.at(-1)?.part;
    assert.equal(sent.report.outcome.kind, 'complete');
    assert.ok(last?.type === 'finish');
    assert.equal(last.finishReason.unified, 'other');
  });

  for (const error of [null, false]) {
    it(`accepts events with an error of ${error}, and text that looks like one`, async () => {
      const words = '"error": null';
      const events = [chatEvents.text(words), ...goodAnswer].map((event) =>
        event.replace(/^data: \{/, `data: {"error": ${error},`),
      );
      upstream.script(answer(events));
      const sent = await send();
      assert.deepEqual([sent.report.outcome.kind, textOf(sent.parts)], ['complete', `${words}Hello world`]);
    });
  }

  const faults: readonly [string, upstreams.Behaviour, Outcome['kind'], number | undefined, string][] = [
    ['a reset before the headers', resetAtOnce, 'connection', undefined, ''],
    ['a 503', reply(503, { error: { message: 'no' } }), 'http', 503, ''],
    ['a redirect', reply(302, '', { location: 'http://127.0.0.1:1/' }), 'redirect', 302, ''],
    ['a 402', reply(402), 'outOfCredit', 402, ''],
    ['a reset in mid-stream', breakOff(partly), 'cut', 200, 'Hello'],
    ['a stream without its end marker and a reason', answer(partly), 'cut', 200, 'Hello'],
    ['an error event', answer([...partly, chatEvents.error({ message: 'no' })]), 'errorEvent', 200, 'Hello'],
    ['an event that is not JSON', answer([...partly, 'data: {]\n\n']), 'malformed', 200, 'Hello'],
    [
      'JSON that is not a chat chunk',
      answer(['data: {"choices":7}\n\n', ...goodAnswer]),
      'malformed',
      200,
      'Hello world',
    ],
    ['an end marker and nothing else', answer([chatEvents.done]), 'malformed', 200, ''],
    ['an answer that is not streamed', reply(200, { choices: [] }), 'malformed', 200, ''],
  ];
  for (const [name, behaviour, kind, status, text] of faults) {
    it(`reports ${kind} for ${name}, and yields no finish`, async () => {
      upstream.script(behaviour);
      const sent = await send();
      assert.deepEqual([sent.report.outcome.kind, sent.report.status], [kind, status]);
      assert.equal(textOf(sent.parts), text);
      assert.ok(!kinds(sent).some((type) => type === 'finish' || type === 'error' || type === 'raw'));
    });
  }

  it('never includes the prompt or the answer in a message', async () => {
    for (const events of [
      ['data: {"choices":"the-answer"}\n\n', chatEvents.done],
      [chunk({ tool_calls: [{ index: 0, function: { arguments: 'the-answer' } }] }), chatEvents.done],
    ]) {
      upstream.script(answer(events));
      const prompt = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'the-prompt' }] }] };
      const { report } = await send({ prompt });
      assert.equal(report.outcome.kind, 'malformed');
      assert.doesNotMatch(JSON.stringify(report) + wordsOf(report.outcome), /the-(prompt|answer)/);
    }
  });

  it('sends nothing for a prompt that the dialect does not support, and names the reason', async () => {
    const file = {
      type: 'file',
      mediaType: 'application/zip',
      data: { type: 'data', data: new Uint8Array(1) },
    };
    const { report } = await send({ prompt: { prompt: [{ role: 'user', content: [file] }] } });
    assert.equal(report.outcome.kind, 'unsendable');
    assert.deepEqual([report.status, upstream.seen.length], [undefined, 0]);
    assert.match(wordsOf(report.outcome), /application\/zip/);
  });

  it('ends soon after an abort and closes the socket', async () => {
    upstream.script(stall(partly));
    const abort = new AbortController();
    const sent = send({ signal: abort.signal });
    const request = await upstream.request(0);
    abort.abort();
    const { report } = await sent;
    assert.equal(report.outcome.kind, 'aborted');
    await request.closed;
    await upstream.idle();
  });

  it('closes the socket when the reader stops in the middle of an answer', async () => {
    upstream.script(stall(partly));
    const sender = createSender(senderOptions(compatible(upstream.baseUrl)));
    const sent = sender.send({
      resolved: resolvedTarget({ provider: 'acme', model: 'm' }, {}, compatible(upstream.baseUrl)),
      prompt: structuredClone(hello) as never,
      credentials: noCredentials,
      idempotent: true,
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    for (let next = await sent.next(); next.done !== true && !next.value.content;) next = await sent.next();
    await sent.return({ outcome: { kind: 'aborted' } });
    await upstream.idle();
  });

  it('reports a sandbox that does not start as a failed connection', async () => {
    const options = senderOptions(provider({ kind: 'sandbox' }), {
      endpoint: () => Promise.reject(new Error('no port is free')),
      dispose: () => undefined,
    });
    const { outcome } = (await attempt(options)).report;
    assert.equal(outcome.kind, 'connection');
    assert.equal(wordsOf(outcome), 'the sandbox did not start: no port is free');
  });

  it('passes a model of the editor to the editor, and sends nothing over HTTP', async () => {
    const options = senderOptions(provider({ kind: 'editor' }));
    const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 2 };
    const editorModels = {
      list: () => Promise.resolve(ok([])),
      send: async function* ({ resolved: { target } }: TranslatedAttempt) {
        await Promise.resolve();
        yield { part: { type: 'text-delta', id: '0', delta: target.model }, content: true } as const;
        return { outcome: { kind: 'complete' }, usage } as const;
      },
    };
    const sent = await attempt({ ...options, editorModels }, { model: 'copilot/gpt-5' });
    assert.equal(textOf(sent.parts), 'copilot/gpt-5');
    assert.deepEqual(sent.report, { outcome: { kind: 'complete' }, usage });
    assert.equal(upstream.seen.length, 0);
  });
});
