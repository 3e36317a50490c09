import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import http from 'node:http';
import { gzipSync, brotliCompressSync, deflateSync, zstdCompressSync } from 'node:zlib';
import { createWire } from '../../../src/providers/transport/wire.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { leaveKeptSocket, noKey, testKey, tryWire, wireOptions } from '../../support/wire.ts';

const { begin, chatEvents, drip, goodAnswer, reply, stall, startFaultUpstream } = upstreams;
const reportedUsage = { inputTokens: 11, cachedInputTokens: 4, outputTokens: 3 };

describe('createWire', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const url = () => `${upstream.baseUrl}/chat/completions`;

  it('passes on an answer byte by byte, and reports usage, status and progress', async () => {
    const { report, text, progress } = await tryWire(url());
    assert.equal(text, goodAnswer.join(''));
    assert.deepEqual(report, {
      outcome: { kind: 'complete' },
      status: 200,
      usage: reportedUsage,
    });
    assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
  });

  it('sends the real key instead of the placeholder, and asks for no compression', async () => {
    const headers = { Authorization: 'Bearer placeholder', 'content-type': 'application/json' };
    await tryWire(url(), {}, { method: 'POST', body: '{"ü":1}', headers });
    const { method, headers: sent, body } = await upstream.request(0);
    assert.deepEqual(
      [method, sent.authorization, sent['accept-encoding'], sent['content-type'], body],
      ['POST', `Bearer ${testKey}`, 'identity', 'application/json', '{"ü":1}'],
    );
  });

  it('sends no authorization without a key', async () => {
    await tryWire(url(), { access: noKey }, { headers: { authorization: 'Bearer placeholder' } });
    assert.equal((await upstream.request(0)).headers.authorization, undefined);
  });

  it('reports the rate-limit headers of the provider', async () => {
    upstream.script(reply(200, {}, { 'x-ratelimit-remaining-requests': '59', 'x-request-id': '1' }));
    const { report } = await tryWire(url());
    assert.deepEqual(report.rateLimits, { 'x-ratelimit-remaining-requests': '59' });
  });

  it('completes at the end marker, and closes a socket that the server leaves open', async () => {
    upstream.script(stall(goodAnswer));
    const { report } = await tryWire(url());
    assert.equal(report.outcome.kind, 'complete');
    await upstream.idle();
  });

  it('reuses a socket and reports connected at once', async () => {
    await leaveKeptSocket(url());
    const { progress } = await tryWire(url());
    assert.equal(upstream.acceptedSockets, 1);
    assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
  });

  it('reads characters and events that are cut anywhere', async () => {
    upstream.script(drip([chatEvents.text('Grüße 👋'), chatEvents.stop, chatEvents.done], 7, 1));
    const { report, text } = await tryWire(url());
    assert.equal(report.outcome.kind, 'complete');
    assert.ok(text?.includes('Grüße 👋'));
  });

  for (const [coding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const) {
    it(`decodes ${coding} although it did not ask for it`, async () => {
      upstream.script(({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding });
        response.end(compress(goodAnswer.join('')));
      });
      const { report, text } = await tryWire(url());
      assert.deepEqual([report.outcome.kind, report.usage], ['complete', reportedUsage]);
      assert.equal(text, goodAnswer.join(''));
    });
  }

  for (const coding of ['gzip', 'deflate', 'br', 'zstd']) {
    it(`throws no error out of an answer in ${coding} that is refused by its status`, async () => {
      upstream.script(({ response }) => {
        response.writeHead(204, { 'content-encoding': coding, connection: 'close' }).end();
      });
      const { report } = await tryWire(url());
      assert.equal(report.outcome.kind, 'malformed');
      await upstream.idle();
      await setImmediate();
    });
  }

  it('reads a JSON answer with its usage', async () => {
    upstream.script(reply(200, { choices: [], usage: upstreams.answeredUsage }));
    const { report } = await tryWire(url(), { wants: 'whole' });
    assert.deepEqual([report.outcome.kind, report.usage], ['complete', reportedUsage]);
  });

  it('reads no faster than its reader', async () => {
    const megabyte = chatEvents.text('x'.repeat(1024 * 1024));
    let written = 0;
    upstream.script(async (exchange) => {
      await begin(exchange, []);
      exchange.request.socket.once('close', () => (written = -written));
      while (written >= 0 && written < 200) {
        await upstreams.write(exchange.response, megabyte);
        written += 1;
      }
    });
    const wire = createWire(wireOptions());
    const response = await wire.fetch(url(), { method: 'POST', body: '{}' });
    // Nobody reads, so the buffers of the sockets fill up and the transfer stops.
    for (let before = -1; before !== written;) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.ok(written < 100, `${written} MB were taken in`);
    await response.body?.cancel();
    assert.equal((await wire.ended()).outcome.kind, 'aborted');
    await upstream.idle();
  });

  it('uses the functions of node:http as they are patched at the time', async () => {
    const { request } = http;
    const agents: unknown[] = [];
    try {
      http.request = ((target: URL, options: http.RequestOptions) => {
        agents.push(options.agent);
        return request(target, options);
      }) as typeof http.request;
      await tryWire(url());
    } finally {
      http.request = request;
    }
    assert.deepEqual(agents, [undefined]);
  });
});
