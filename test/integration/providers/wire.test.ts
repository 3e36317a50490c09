import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import type { Outcome } from '../../../src/guard/outcome.ts';
import { createWire } from '../../../src/providers/wire.ts';
import { Secret } from '../../../src/shared/secret.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { testKey, tryWire, wireOptions } from '../../support/wire.ts';

const { answer, begin, breakOff, chatEvents, drip, goodAnswer, hangUp, reply } = upstreams;
const { resetAtOnce, silence, stall, startFaultUpstream, upstreamCertificate } = upstreams;

const partly = goodAnswer.slice(0, 2);
const reportedUsage = { inputTokens: 11, cachedInputTokens: 4, outputTokens: 3 };

/** A good exchange, until its socket is back with the agent. */
async function leaveKeptSocket(url: string, agent: http.Agent = http.globalAgent): Promise<void> {
  const freed = once(agent, 'free');
  await tryWire(url);
  await freed;
}

describe('the wire', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const url = () => `${upstream.baseUrl}/chat/completions`;

  describe('on a good answer', () => {
    it('hands it on byte by byte, with usage, status and every step of the way', async () => {
      const { verdict, text, progress } = await tryWire(url());
      assert.equal(text, goodAnswer.join(''));
      assert.deepEqual(verdict, {
        outcome: { kind: 'complete' },
        status: 200,
        usage: reportedUsage,
        format: 'eventStream',
        rateLimits: {},
      });
      assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
    });

    it('sends the real key in the place of the placeholder, and asks for no compression', async () => {
      const headers = { Authorization: 'Bearer placeholder', 'content-type': 'application/json' };
      await tryWire(url(), {}, { method: 'POST', body: '{"ü":1}', headers });
      const { method, headers: sent, body } = await upstream.request(0);
      assert.deepEqual(
        [method, sent.authorization, sent['accept-encoding'], sent['content-type'], body],
        ['POST', `Bearer ${testKey}`, 'identity', 'application/json', '{"ü":1}'],
      );
    });

    it('sends no authorization where there is no key', async () => {
      await tryWire(url(), { key: undefined }, { headers: { authorization: 'Bearer placeholder' } });
      assert.equal((await upstream.request(0)).headers.authorization, undefined);
    });

    it('keeps the rate limits that the provider tells', async () => {
      upstream.script(reply(200, {}, { 'x-ratelimit-remaining-requests': '59', 'x-request-id': '1' }));
      const { verdict } = await tryWire(url());
      assert.deepEqual(verdict.rateLimits, { 'x-ratelimit-remaining-requests': '59' });
    });

    it('is complete at the end marker, and closes a socket that the server leaves open', async () => {
      upstream.script(stall(goodAnswer));
      const { verdict } = await tryWire(url());
      assert.equal(verdict.outcome.kind, 'complete');
      await upstream.idle();
    });

    it('uses a socket again, and says at once that it is connected', async () => {
      await leaveKeptSocket(url());
      const { progress } = await tryWire(url());
      assert.equal(upstream.acceptedSockets, 1);
      assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
    });

    it('survives characters and events that are cut anywhere', async () => {
      upstream.script(drip([chatEvents.text('Grüße 👋'), chatEvents.stop, chatEvents.done], 7, 1));
      const { verdict, text } = await tryWire(url());
      assert.equal(verdict.outcome.kind, 'complete');
      assert.ok(text?.includes('Grüße 👋'));
    });

    for (const [coding, compress] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const) {
      it(`unpacks ${coding}, though it did not ask for it`, async () => {
        upstream.script(({ response }) => {
          response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding });
          response.end(compress(goodAnswer.join('')));
        });
        const { verdict, text } = await tryWire(url());
        assert.deepEqual([verdict.outcome.kind, verdict.usage], ['complete', reportedUsage]);
        assert.equal(text, goodAnswer.join(''));
      });
    }

    it('takes a whole JSON answer, with its usage', async () => {
      upstream.script(reply(200, { choices: [], usage: upstreams.answeredUsage }));
      const { verdict } = await tryWire(url());
      assert.deepEqual(
        [verdict.outcome.kind, verdict.format, verdict.usage],
        ['complete', 'json', reportedUsage],
      );
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
      // Nobody reads. The sockets' buffers fill up, and then nothing moves.
      for (let before = -1; before !== written;) {
        before = written;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      assert.ok(written < 100, `${written} MB were taken in`);
      await response.body?.cancel();
      assert.equal((await wire.verdict()).outcome.kind, 'aborted');
      await upstream.idle();
    });
  });

  describe('on a fault', () => {
    const faults: readonly [string, upstreams.Behaviour, Outcome['kind'], number | undefined][] = [
      ['a reset before the headers', resetAtOnce, 'connection', undefined],
      ['a half-closed connection', hangUp, 'connection', undefined],
      ['a reset in mid-stream', breakOff(partly), 'cut', 200],
      ['a connection closed in mid-stream', breakOff(partly, 'close'), 'cut', 200],
      ['a stream without its end marker', answer(goodAnswer.slice(0, -1)), 'cut', 200],
      ['a stream of nothing', answer([]), 'cut', 200],
      ['an error event inside a 200', answer([chatEvents.error({ message: 'no' })]), 'errorEvent', 200],
      ['an error event after content', answer([...partly, chatEvents.error('no')]), 'errorEvent', 200],
      ['an error object inside a 200', reply(200, { error: { message: 'no' } }), 'errorEvent', 200],
      ['an event that is not JSON', answer([...partly, 'data: {]\n\n']), 'malformed', 200],
      ['a page inside a 200', reply(200, '<html>', { 'content-type': 'text/html' }), 'malformed', 200],
      ['an unknown coding', reply(200, 'x', { 'content-encoding': 'rot13' }), 'malformed', 200],
      ['a lie about gzip', reply(200, 'data: 1\n\n', { 'content-encoding': 'gzip' }), 'cut', 200],
      ['a 204', reply(204), 'malformed', 204],
      ['a redirect', reply(307, '', { location: 'https://elsewhere.example/v1' }), 'redirect', 307],
      ['a 304', reply(304), 'redirect', 304],
      ...[400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529, 999].map(
        (status): [string, upstreams.Behaviour, Outcome['kind'], number] => [
          `a ${status}`,
          reply(status, { error: { message: 'no' } }),
          'http',
          status,
        ],
      ),
      ['a 402', reply(402), 'outOfCredit', 402],
      [
        'a 429 that speaks of credit',
        reply(429, { error: { message: 'no', code: 'insufficient_quota' } }),
        'outOfCredit',
        429,
      ],
    ];
    for (const [name, behaviour, kind, status] of faults) {
      it(`says ${kind} for ${name}`, async () => {
        upstream.script(behaviour);
        const { verdict } = await tryWire(url());
        assert.deepEqual([verdict.outcome.kind, verdict.status], [kind, status]);
      });
    }

    it('still hands on what came before the connection broke', async () => {
      upstream.script(breakOff(partly));
      assert.equal((await tryWire(url())).text, partly.join(''));
    });

    it('keeps usage that came before an answer was cut', async () => {
      upstream.script(answer([...partly, chatEvents.usage(upstreams.answeredUsage)]));
      assert.deepEqual((await tryWire(url())).verdict.usage, reportedUsage);
    });

    it('follows no redirect and takes the key nowhere', async () => {
      const other = await startFaultUpstream();
      upstream.script(reply(308, '', { location: `${other.baseUrl}/chat/completions?key=1` }));
      const { verdict } = await tryWire(url());
      assert.equal(other.seen.length, 0);
      assert.deepEqual(verdict.outcome, {
        kind: 'redirect',
        status: 308,
        message: `answered with a redirect to ${other.origin}, which is not followed`,
      });
      await other.close();
    });

    it("reads no more than 64 KiB of an error's body", async () => {
      upstream.script(async ({ response }) => {
        response.writeHead(500, { 'content-type': 'text/plain' });
        for (let sent = 0; sent < 4; sent += 1) await upstreams.write(response, 'x'.repeat(32 * 1024));
      });
      const { verdict } = await tryWire(url());
      assert.equal(verdict.outcome.kind, 'http');
      await upstream.idle();
    });

    it('has Retry-After in its verdict', async () => {
      upstream.script(reply(429, { error: { message: 'later' } }, { 'retry-after': '3' }));
      assert.deepEqual((await tryWire(url())).verdict.outcome, {
        kind: 'http',
        status: 429,
        message: 'later',
        retryAfterMs: 3_000,
      });
    });

    it('sanitizes what the provider says, and takes its own key out', async () => {
      upstream.script(reply(401, { error: { message: `bad key ${testKey} of hunter2` } }));
      const { verdict } = await tryWire(url(), { sanitize: (text) => text.replaceAll('hunter2', '***') });
      assert.deepEqual(verdict.outcome, { kind: 'http', status: 401, message: 'bad key [key] of ***' });
    });

    it('says connection where nothing listens', async () => {
      const gone = await startFaultUpstream();
      await gone.close();
      assert.equal((await tryWire(gone.baseUrl)).verdict.outcome.kind, 'connection');
    });

    it('says connection for a name that does not resolve, and offline without a network', async () => {
      const nowhere = 'http://callguard-test.invalid/v1';
      const kindOf = async (isOnline: boolean) =>
        (await tryWire(nowhere, { isOnline: () => Promise.resolve(isOnline) })).verdict.outcome.kind;
      assert.deepEqual([await kindOf(true), await kindOf(false)], ['connection', 'offline']);
    });

    it('says malformed for a server that does not speak HTTP', async () => {
      const server = net.createServer((socket) => socket.resume().end('220 mail.example ESMTP\r\n'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      assert.equal((await tryWire(`http://127.0.0.1:${port}/`)).verdict.outcome.kind, 'malformed');
      await new Promise((resolve) => server.close(resolve));
    });

    it('puts a key that no header can carry on nobody, and sends nothing', async () => {
      const { verdict } = await tryWire(url(), { key: new Secret('sk-\n1') });
      assert.deepEqual(verdict.outcome, {
        kind: 'http',
        status: 400,
        message: 'the request cannot be written (ERR_INVALID_CHAR)',
      });
      assert.deepEqual([verdict.status, upstream.acceptedSockets], [undefined, 0]);
    });
  });

  describe('on a kept socket that has died', () => {
    it('sends again on a fresh one, and nobody notices', async () => {
      upstream.script(answer(), resetAtOnce, answer());
      await leaveKeptSocket(url());
      const { verdict, progress } = await tryWire(url());
      assert.deepEqual([verdict.outcome.kind, upstream.seen.length], ['complete', 3]);
      assert.equal(upstream.acceptedSockets, 2);
      assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
    });

    it('does not send again once a byte has come', async () => {
      upstream.script(answer(), ({ request }) => {
        request.socket.write('HTTP/1.1 200', () => request.socket.resetAndDestroy());
      });
      await leaveKeptSocket(url());
      const { verdict } = await tryWire(url());
      assert.deepEqual([verdict.outcome.kind, upstream.seen.length], ['connection', 2]);
    });

    it('does not send again on a socket that was fresh', async () => {
      upstream.script(resetAtOnce);
      assert.equal((await tryWire(url())).verdict.outcome.kind, 'connection');
      assert.equal(upstream.seen.length, 1);
    });
  });

  describe('when it is aborted', () => {
    for (const [name, behaviour] of [
      ['before the headers', silence],
      ['before the first byte', stall()],
      ['in mid-stream', stall(partly)],
      ['while pings come', stall([chatEvents.ping, chatEvents.ping])],
      [
        "in an error's body",
        ({ response }: upstreams.Exchange) => {
          response.writeHead(500, { 'content-length': '10' }).flushHeaders();
        },
      ],
    ] as const) {
      it(`closes the socket at once ${name}`, async () => {
        upstream.script(behaviour);
        const abort = new AbortController();
        const reached = Promise.withResolvers<undefined>();
        const last = behaviour === silence ? 'connected' : 'headers';
        const trial = tryWire(url(), {
          signal: abort.signal,
          progress: (step) => {
            if (step === last) reached.resolve(undefined);
          },
        });
        const request = await upstream.request(0);
        await reached.promise;
        const abortedAt = performance.now();
        abort.abort();
        assert.equal((await trial).verdict.outcome.kind, 'aborted');
        const closedAfter = (await request.closed) - abortedAt;
        assert.ok(closedAfter < 1_000, `${closedAfter} ms`);
      });
    }

    it('closes a socket that is still connecting', async () => {
      const mute = net.createServer();
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const accepted = new Promise<net.Socket>((resolve) => mute.once('connection', resolve));
      const { port } = mute.address() as AddressInfo;
      const abort = new AbortController();
      // TLS never gets an answer, so it is connecting for good.
      const trial = tryWire(`https://127.0.0.1:${port}/`, { signal: abort.signal });
      const socket = await accepted;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      abort.abort();
      const { verdict, progress } = await trial;
      assert.deepEqual([verdict.outcome.kind, progress], ['aborted', []]);
      await closed;
      await new Promise((resolve) => mute.close(resolve));
    });

    it('leaves nothing behind when it is aborted in the tick in which it began', async () => {
      const abort = new AbortController();
      const wire = createWire(wireOptions({ signal: abort.signal }));
      const fetched = assert.rejects(wire.fetch(url()), { name: 'AbortError' });
      abort.abort();
      await fetched;
      assert.equal((await wire.verdict()).outcome.kind, 'aborted');
      // Whatever was under way arrives before this one does.
      await tryWire(url());
      assert.equal(upstream.seen.length, 1);
    });

    it('sends nothing for a signal that had aborted before', async () => {
      const { verdict } = await tryWire(url(), { signal: AbortSignal.abort() });
      assert.deepEqual([verdict.outcome.kind, upstream.acceptedSockets], ['aborted', 0]);
    });

    it('does not change a verdict that has fallen', async () => {
      const abort = new AbortController();
      const { verdict, text } = await tryWire(url(), { signal: abort.signal });
      abort.abort();
      assert.deepEqual([verdict.outcome.kind, text], ['complete', goodAnswer.join('')]);
    });
  });

  describe('under TLS', () => {
    let secure: upstreams.FaultUpstream;

    beforeEach(async () => {
      secure = await startFaultUpstream({ tls: true });
    });
    afterEach(async () => {
      delete https.globalAgent.options.ca;
      https.globalAgent.destroy();
      await secure.close();
    });

    it('says connection for a certificate that nobody vouches for', async () => {
      const { verdict, progress } = await tryWire(`${secure.baseUrl}/chat/completions`);
      assert.equal(verdict.outcome.kind, 'connection');
      assert.ok('message' in verdict.outcome);
      assert.match(verdict.outcome.message, /DEPTH_ZERO_SELF_SIGNED_CERT/);
      assert.deepEqual([progress, secure.seen.length], [[], 0]);
    });

    it('is connected once the handshake is done', async () => {
      https.globalAgent.options.ca = upstreamCertificate;
      const { verdict, progress } = await tryWire(`${secure.baseUrl}/chat/completions`);
      assert.equal(verdict.outcome.kind, 'complete');
      assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
    });

    it('sends again on a fresh socket when a kept one has died', async () => {
      https.globalAgent.options.ca = upstreamCertificate;
      secure.script(answer(), hangUp, answer());
      await leaveKeptSocket(`${secure.baseUrl}/chat/completions`, https.globalAgent);
      const { verdict } = await tryWire(`${secure.baseUrl}/chat/completions`);
      assert.deepEqual([verdict.outcome.kind, secure.seen.length], ['complete', 3]);
    });
  });

  it('goes through the functions of node:http as they are patched at the time', async () => {
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
