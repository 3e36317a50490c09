import assert from 'node:assert/strict';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { createWire } from '../../../src/providers/transport/wire.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { wordsOf } from '../../support/languages.ts';
import { leaveKeptSocket, noKey, tryWire, wireOptions } from '../../support/wire.ts';

const { answer, chatEvents, goodAnswer, hangUp, resetAtOnce, silence, stall } = upstreams;
const { startFaultUpstream, upstreamCertificate } = upstreams;
const partly = goodAnswer.slice(0, 2);

describe('createWire and its socket', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const url = () => `${upstream.baseUrl}/chat/completions`;

  describe('with a dead keep-alive socket', () => {
    it('sends again on a new socket without reporting it', async () => {
      upstream.script(answer(), resetAtOnce, answer());
      await leaveKeptSocket(url());
      const { report, progress } = await tryWire(url());
      assert.deepEqual([report.outcome.kind, upstream.seen.length], ['complete', 3]);
      assert.equal(upstream.acceptedSockets, 2);
      assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
    });

    it('does not send a request again that is not idempotent', async () => {
      upstream.script(answer(), resetAtOnce, answer());
      await leaveKeptSocket(url());
      const { report } = await tryWire(url(), { idempotent: false });
      assert.deepEqual([report.outcome.kind, upstream.seen.length], ['connection', 2]);
    });

    it('does not send again after the first byte of an answer', async () => {
      upstream.script(answer(), ({ request }) => {
        request.socket.write('HTTP/1.1 200', () => request.socket.resetAndDestroy());
      });
      await leaveKeptSocket(url());
      const { report } = await tryWire(url());
      assert.deepEqual([report.outcome.kind, upstream.seen.length], ['connection', 2]);
    });

    it('does not send again if the socket was new', async () => {
      upstream.script(resetAtOnce);
      assert.equal((await tryWire(url())).report.outcome.kind, 'connection');
      assert.equal(upstream.seen.length, 1);
    });
  });

  describe('with an abort', () => {
    for (const [name, behaviour] of [
      ['before the headers', silence],
      ['before the first byte', stall()],
      ['in the middle of a stream', stall(partly)],
      ['while pings arrive', stall([chatEvents.ping, chatEvents.ping])],
      [
        'in the body of an error',
        ({ response }: upstreams.Exchange) => {
          response.writeHead(500, { 'content-length': '10' }).flushHeaders();
        },
      ],
    ] as const) {
      it(`closes the socket at once if aborted ${name}`, async () => {
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
        abort.abort();
        assert.equal((await trial).report.outcome.kind, 'aborted');
        await request.closed;
      });
    }

    it('closes a socket that is still connecting', async () => {
      const mute = net.createServer();
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const accepted = new Promise<net.Socket>((resolve) => mute.once('connection', resolve));
      const { port } = mute.address() as AddressInfo;
      const abort = new AbortController();
      // The server never answers the TLS handshake, so the socket stays connecting.
      const trial = tryWire(`https://127.0.0.1:${port}/`, { signal: abort.signal });
      const socket = await accepted;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      abort.abort();
      const { report, progress } = await trial;
      assert.deepEqual([report.outcome.kind, progress], ['aborted', []]);
      await closed;
      await new Promise((resolve) => mute.close(resolve));
    });

    it('leaves nothing behind if aborted in the tick in which it started', async () => {
      const abort = new AbortController();
      const wire = createWire(wireOptions({ signal: abort.signal }));
      const fetched = assert.rejects(wire.fetch(url()), { name: 'AbortError' });
      abort.abort();
      await fetched;
      assert.equal((await wire.ended()).outcome.kind, 'aborted');
      // Anything that was sent arrives before this.
      await tryWire(url());
      assert.equal(upstream.seen.length, 1);
    });

    it('sends nothing if the signal has already aborted', async () => {
      const { report } = await tryWire(url(), { signal: AbortSignal.abort() });
      assert.deepEqual([report.outcome.kind, upstream.acceptedSockets], ['aborted', 0]);
    });

    it('does not change a report after the end', async () => {
      const abort = new AbortController();
      const { report, text } = await tryWire(url(), { signal: abort.signal });
      abort.abort();
      assert.deepEqual([report.outcome.kind, text], ['complete', goodAnswer.join('')]);
    });
  });

  describe('with TLS', () => {
    let secure: upstreams.FaultUpstream;

    beforeEach(async () => {
      secure = await startFaultUpstream({ tls: true });
    });
    afterEach(async () => {
      delete https.globalAgent.options.ca;
      https.globalAgent.destroy();
      await secure.close();
    });

    it('reports connection for an untrusted certificate', async () => {
      const { report, progress } = await tryWire(`${secure.baseUrl}/chat/completions`);
      assert.equal(report.outcome.kind, 'connection');
      assert.match(wordsOf(report.outcome), /DEPTH_ZERO_SELF_SIGNED_CERT/);
      assert.deepEqual([progress, secure.seen.length], [[], 0]);
    });

    it('accepts an untrusted certificate if the user has configured VS Code to do so', async () => {
      const access = { ...noKey, strictTls: false };
      const to = `${secure.baseUrl}/chat/completions`;
      assert.equal((await tryWire(to, { access })).report.outcome.kind, 'complete');
      // A request that requires trust does not reuse the untrusted socket.
      assert.equal((await tryWire(to)).report.outcome.kind, 'connection');
    });

    it('reports connected after the handshake', async () => {
      https.globalAgent.options.ca = upstreamCertificate;
      const { report, progress } = await tryWire(`${secure.baseUrl}/chat/completions`);
      assert.equal(report.outcome.kind, 'complete');
      assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
    });

    it('sends again on a new socket if the keep-alive socket is dead', async () => {
      https.globalAgent.options.ca = upstreamCertificate;
      secure.script(answer(), hangUp, answer());
      await leaveKeptSocket(`${secure.baseUrl}/chat/completions`, https.globalAgent);
      const { report } = await tryWire(`${secure.baseUrl}/chat/completions`);
      assert.deepEqual([report.outcome.kind, secure.seen.length], ['complete', 3]);
    });
  });
});
