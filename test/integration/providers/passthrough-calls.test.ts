import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PassThroughPrompt } from '../../../src/guard/call.ts';
import type { Timeouts } from '../../../src/guard/deadlines.ts';
import { defaultTimeouts } from '../../../src/guard/deadlines.ts';
import { KnownSecrets } from '../../../src/redaction/known-secrets.ts';
import { createPromptCheck } from '../../../src/providers/prompt-check/prompt-check.ts';
import { createSender } from '../../../src/providers/transport/sender.ts';
import type { ProviderEntry } from '../../../src/providers/config/provider-entry.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { goodAnthropicAnswer } from '../../support/dialect-events.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { callOf, guardWith, hear, type TargetRules } from '../../support/guard-fixture.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { bodyOf } from '../../support/request-body.ts';
import { provider, senderOptions } from '../../support/sender.ts';

const { answer, breakOff, chatEvents, goodAnswer, reply, resetAtOnce, stall } = upstreams;
const partly = goodAnswer.slice(0, 2);
const whole = { choices: [{ message: { content: 'Hi' } }], usage: upstreams.answeredUsage };

const cutInOnePiece: upstreams.Behaviour = async ({ request, response }) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  await upstreams.write(response, '{"choices":[');
  request.socket.destroy();
};

const passThroughOf = (json: string, over: Partial<PassThroughPrompt> = {}): PassThroughPrompt => ({
  dialect: 'openai-chat',
  body: bodyOf(json),
  headers: {},
  streams: true,
  inputTokens: 20,
  ...over,
});
const streamedBody = '{"model":"acme/m","stream":true,"stream_options":{"include_usage":true}}';
const streamed = passThroughOf(streamedBody);
const inOnePiece = passThroughOf('{"model":"acme/m"}', { streams: false });

describe('Guard.run with a pass-through prompt on real sockets', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const guarded = (rules: Partial<TargetRules> = {}, entry: Partial<ProviderEntry> = {}) => {
    const ledger = new MemoryLedger(systemClock);
    const config = provider({ kind: 'openai-compatible', baseUrl: upstream.baseUrl, ...entry });
    const { guard } = guardWith(
      [],
      { retry: { retries: 2, baseMs: 1, capMs: 1, budgetShare: 1, budgetFloor: 10 }, ...rules },
      {
        sender: createSender(senderOptions(config)),
        ledger,
        clock: systemClock,
        checkPrompt: createPromptCheck({
          mode: () => 'redact',
          registered: new KnownSecrets(),
          ask: () => Promise.resolve('refuse'),
          onRedacted: () => undefined,
        }),
      },
      config,
    );
    const run = (prompt: PassThroughPrompt, signal = new AbortController().signal) =>
      guard.run(callOf({ prompt, signal, frontDoor: 'gateway' }));
    const ask = async (prompt: PassThroughPrompt) => {
      const { parts, result } = await hear(run(prompt));
      const bytes = parts.flatMap((part) => (part.type === 'bytes' ? [part.bytes] : []));
      return { text: Buffer.concat(bytes).toString(), result };
    };
    return { ledger, run, ask };
  };
  const timeouts = (some: Partial<Timeouts>) => ({ timeouts: { ...defaultTimeouts, ...some } });

  it('streams byte for byte and settles the reported usage', async () => {
    const { ledger, ask } = guarded();
    const { text, result } = await ask(streamed);
    assert.deepEqual([text, result.kind], [goodAnswer.join(''), 'done']);
    const usage = ledger.records[0]?.usage;
    assert.deepEqual([usage?.inputTokens, usage?.outputTokens, usage?.estimated], [11, 3, false]);
    const { body, url } = await upstream.request(0);
    assert.deepEqual([url, body], ['/v1/chat/completions', streamedBody.replace('acme/m', 'small')]);
  });

  it('waits for a server that reads a long request slowly', async () => {
    const slow = http.createServer((request, response) => {
      request.on('data', () => {
        request.pause();
        setTimeout(() => request.resume(), 10);
      });
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(goodAnswer.join(''));
      });
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as AddressInfo;
    // The whole takes several seconds, of which none passes without a piece of it.
    const { ask } = guarded(timeouts({ headersMs: 2_000, firstContentMs: 2_000 }), {
      baseUrl: `http://127.0.0.1:${port}/v1`,
    });
    const body = `{"model":"small","stream":true,"stream_options":{"include_usage":true},"x":"${'x'.repeat(14 * 1024 * 1024)}"}`;
    const { text, result } = await ask(passThroughOf(body));
    assert.deepEqual([result.kind, result.attempts, text], ['done', 1, goodAnswer.join('')]);
    slow.closeAllConnections();
    slow.close();
  });

  it('asks for usage if the client did not, and hides the event with it', async () => {
    const { ledger, ask } = guarded();
    const { text } = await ask(passThroughOf('{"model":"small","stream":true}'));
    assert.equal(text, goodAnswer.filter((event) => !event.includes('"usage"')).join(''));
    assert.equal(ledger.records[0]?.usage.inputTokens, 11);
    const { body } = await upstream.request(0);
    assert.equal(body, '{"model":"small","stream":true,"stream_options":{"include_usage":true}}');
  });

  it('passes on an answer in one piece byte for byte', async () => {
    const body = `{ "seed": 12345678901234567890, ${JSON.stringify(whole).slice(1)}`;
    upstream.script(reply(200, body, { 'content-type': 'application/json' }));
    const { ledger, ask } = guarded();
    const { text, result } = await ask(inOnePiece);
    assert.deepEqual([text, result.kind], [body, 'done']);
    assert.equal(ledger.records[0]?.usage.inputTokens, 11);
  });

  it('sends a request of the Messages API of Anthropic with the headers of the client', async () => {
    upstream.script(answer(goodAnthropicAnswer));
    const { ledger, ask } = guarded({}, { kind: 'anthropic-compatible' });
    const headers = { 'anthropic-beta': 'some-beta' };
    const dialect = 'anthropic-messages';
    const { text } = await ask(
      passThroughOf('{"model":"small","stream":true,"max_tokens":5}', { dialect, headers }),
    );
    assert.equal(text, goodAnthropicAnswer.join(''));
    assert.equal(ledger.records[0]?.usage.inputTokens, 11);
    const request = await upstream.request(0);
    assert.equal(request.url, '/v1/messages');
    assert.equal(request.headers['anthropic-beta'], 'some-beta');
    assert.equal(request.body, '{"model":"small","stream":true,"max_tokens":5}');
  });

  for (const [what, fault, prompt] of [
    ['a reset', resetAtOnce, streamed],
    ['a stream that is cut before its first content', breakOff([chatEvents.role]), streamed],
    ['an answer in one piece that is cut', cutInOnePiece, inOnePiece],
  ] as const) {
    it(`retries ${what} without showing it`, async () => {
      const good = prompt.streams ? answer() : reply(200, whole);
      upstream.script(fault, good);
      const { text, result } = await guarded().ask(prompt);
      assert.deepEqual([result.kind, result.attempts], ['done', 2]);
      assert.equal(text, prompt.streams ? goodAnswer.join('') : JSON.stringify(whole));
    });
  }

  it('makes an answer in one piece of a stream that was not requested', async () => {
    upstream.script(answer());
    const { text, result } = await guarded().ask(inOnePiece);
    assert.deepEqual([result.kind, result.attempts], ['done', 1]);
    assert.deepEqual(JSON.parse(text), {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello world' }, finish_reason: 'stop' }],
      usage: upstreams.answeredUsage,
    });
  });

  it('makes a stream of JSON that came in its place', async () => {
    upstream.script(reply(200, whole));
    const { text, result } = await guarded().ask(streamed);
    assert.deepEqual([result.kind, result.attempts], ['done', 1]);
    assert.match(
      text,
      /^data: \{.*"delta":\{.*\n\ndata: \{.*"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/s,
    );
  });

  it('does not retry after content, and ends with the last whole event', async () => {
    upstream.script(breakOff([...partly, 'data: {"choices":[{"del']), answer());
    const { text, result } = await guarded().ask(streamed);
    assert.deepEqual([text, upstream.seen.length], [partly.join(''), 1]);
    assert.ok(result.kind === 'failed' && result.afterContent);
  });

  it('waits for an answer in one piece until the deadline of the call', async () => {
    upstream.script(async ({ response }) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(whole));
    });
    const { result } = await guarded(timeouts({ headersMs: 30, firstContentMs: 30 })).ask(inOnePiece);
    assert.equal(result.kind, 'done');
    upstream.script(upstreams.silence);
    const late = await guarded(timeouts({ callMs: 100 })).ask(inOnePiece);
    assert.ok(late.result.kind === 'failed' && late.result.failure.kind === 'timeout');
    assert.equal(late.result.failure.timer, 'call');
  });

  it('limits the output to what strict caps leave', async () => {
    const caps = [{ scope: {}, kind: 'tokensPerDay', limit: 50 } as const];
    await guarded({ strict: true, caps }).ask(streamed);
    const { body } = await upstream.request(0);
    assert.equal((JSON.parse(body) as { max_tokens: number }).max_tokens, 30);
  });

  it('redacts secrets in the body and keeps all other bytes', async () => {
    const secret = `sk-${'a1B2c3D4e5F6'.repeat(4)}`;
    const body = streamedBody.replace('{', `{"messages":[{"content":"my key: ${secret}"}], "n" : 1,`);
    await guarded().ask(passThroughOf(body));
    const seen = await upstream.request(0);
    assert.ok(!seen.body.includes(secret));
    assert.match(seen.body, /^\{"messages":\[\{"content":"my key: [^"]+"\}\], "n" : 1,"model":"small"/);
  });

  it('counts the streamed tokens when the reader stops', async () => {
    const streaming = [...partly, chatEvents.text('x'.repeat(250))];
    upstream.script(stall(streaming));
    const abort = new AbortController();
    const { ledger, run } = guarded();
    const parts = run(streamed, abort.signal);
    for (let left = streaming.join('').length; left > 0;) {
      const next = await parts.next();
      assert.ok(next.done !== true && next.value.type === 'bytes');
      left -= next.value.bytes.length;
    }
    abort.abort();
    const { result } = await hear(parts);
    assert.equal(result.kind, 'aborted');
    const usage = ledger.records[0]?.usage;
    assert.deepEqual([usage?.inputTokens, usage?.outputTokens, usage?.estimated], [20, 102, true]);
    await upstream.idle();
  });

  it('keeps the dialect of the client if the settings choose another one of the same API', async () => {
    const { ask } = guarded({}, { dialect: 'openai-responses' });
    const { text, result } = await ask(streamed);
    assert.deepEqual([text, result.kind], [goodAnswer.join(''), 'done']);
    assert.equal((await upstream.request(0)).url, '/v1/chat/completions');
  });

  it('refuses a provider with another dialect', async () => {
    const { result } = await guarded().ask(passThroughOf('{"model":"m"}', { dialect: 'anthropic-messages' }));
    assert.ok(result.kind === 'failed' && result.failure.kind === 'unsendable');
    assert.equal(upstream.seen.length, 0);
  });
});
