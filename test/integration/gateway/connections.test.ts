import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gatewayLimits } from '../../../src/shared/limits.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial, type TrialSettings } from '../../support/gateway.ts';

const chat = '/v1/chat/completions';
const mib = 1024 * 1024;

describe('Gateway: connections', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;
  const sockets = new Set<net.Socket>();

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
    assert.equal(trial.ledger.open.size, 0, 'every hold is settled');
  });

  const start = async (options: TrialSettings['options'] = {}) => {
    const providers = { acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } };
    trial = await startGateway({ providers, options });
  };

  /** A client that never closes its half by itself. */
  const connect = async (...pieces: readonly string[]): Promise<net.Socket> => {
    const socket = net.connect({ port: trial.port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.add(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    for (const piece of pieces) socket.write(piece);
    return socket;
  };
  const request = (body: string, ...headers: readonly string[]) =>
    [
      `POST ${chat} HTTP/1.1`,
      `Host: 127.0.0.1:${trial.port}`,
      `Authorization: Bearer ${trial.token}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...headers,
      '',
      body,
    ].join('\r\n');
  const upgrade = () =>
    [
      'GET / HTTP/1.1',
      `Host: 127.0.0.1:${trial.port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      '',
      '',
    ].join('\r\n');
  const textOf = async (socket: net.Socket, isWhole: (text: string) => boolean): Promise<string> => {
    let text = '';
    for await (const chunk of socket.setEncoding('latin1')) {
      text += String(chunk);
      if (isWhole(text)) break;
    }
    return text;
  };

  it('closes the connection of a client that asks for an upgrade and keeps its half open', async () => {
    await start({ maxConnections: 1 });
    const socket = await connect(upgrade());
    assert.match(await textOf(socket, () => false), /^HTTP\/1\.1 400 /);
    // The only place is free again.
    assert.equal((await ask(trial.origin, '/health')).status, 200);
  });

  for (const [what, line, ...headers] of [
    ['without a token', 'GET /v1/models'],
    ['without a token for a path that needs none', 'GET /health'],
    ['with a wrong token', 'GET /v1/models', 'X-Api-Key: wrong'],
    ['from a web page', 'GET /health', 'Origin: http://evil.test'],
    ['for another host', 'GET /health', 'Host: evil.test'],
    ['that expects what it cannot get', 'GET /health', 'Expect: the unexpected'],
  ] as const) {
    it(`closes the connection after a request ${what}`, async () => {
      await start({ maxConnections: 1 });
      const host = headers.some((header) => header.startsWith('Host:'))
        ? []
        : [`Host: 127.0.0.1:${trial.port}`];
      const text = [`${line} HTTP/1.1`, ...host, ...headers, 'Connection: keep-alive', '', ''].join('\r\n');
      const socket = await connect(text + text);
      // It ends, and the second request has no answer.
      assert.equal((await textOf(socket, () => false)).match(/^HTTP\/1\.1 /gm)?.length, 1);
      assert.equal((await ask(trial.origin, '/health')).status, 200);
    });
  }

  it('keeps the connection of a client with a token', async () => {
    await start();
    const socket = await connect(request(JSON.stringify(chatBody({ stream: false }))).repeat(2));
    const text = await textOf(socket, (so) => so.match(/^HTTP\/1\.1 /gm)?.length === 2);
    assert.doesNotMatch(text, /^connection: close/im);
  });

  it('stops at once while a client keeps such a connection half open', async () => {
    await start({ drainMs: 600_000 });
    const socket = await connect(upgrade());
    await textOf(socket, () => false);
    await trial.gateway.stop();
  });

  it('reads no request from the bytes after an upgrade request', async () => {
    await start();
    const socket = await connect(upgrade() + request(JSON.stringify(chatBody())));
    const text = await textOf(socket, () => false);
    assert.equal(text.match(/^HTTP\/1\.1 /gm)?.length, 1);
    assert.equal(upstream.seen.length, 0);
  });

  it('answers the requests of one connection in order, one at a time', async () => {
    await start();
    let atOnce = 0;
    let most = 0;
    upstream.script(async (exchange) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 1));
      atOnce -= 1;
      await upstreams.reply(200, { id: exchange.request.body.length, choices: [] })(exchange);
    });
    const count = 300;
    const bodies = Array.from({ length: count }, (_, n) =>
      JSON.stringify(chatBody({ stream: false, user: 'x'.repeat(n) })),
    );
    const socket = await connect(bodies.map((body) => request(body)).join(''));
    const text = await textOf(socket, (so) => so.split('"choices"').length > count);
    const lengths = [...text.matchAll(/"id":(\d+)/g)].map(([, length]) => Number(length));
    assert.deepEqual(
      lengths,
      bodies.map(({ length }) => length - 'acme/'.length),
    );
    assert.equal(most, 1);
  });

  it('closes a connection on which too many requests wait', async () => {
    await start();
    upstream.script(upstreams.silence);
    const line = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${trial.port}\r\n\r\n`;
    const socket = await connect(request(JSON.stringify(chatBody())), line.repeat(20_000));
    await new Promise((resolve) => socket.resume().once('close', resolve));
    await upstream.idle();
  });

  it('reads no more than the beginning of a body while an earlier request of its connection is answered', async () => {
    await start();
    const { promise: mayEnd, resolve: finish } = Promise.withResolvers<undefined>();
    upstream.script(
      async (exchange) => {
        await mayEnd;
        await upstreams.reply(200, { choices: [] })(exchange);
      },
      upstreams.reply(200, { choices: [] }),
    );
    const long = JSON.stringify(chatBody({ stream: false, user: 'x'.repeat(30 * mib) }));
    const socket = await connect(request(JSON.stringify(chatBody({ stream: false }))), request(long));
    await upstream.request(0);
    // The buffers of the system take some MiB.
    for (let before = -1; before !== socket.writableLength;) {
      before = socket.writableLength;
      await delay(50);
    }
    assert.ok(socket.writableLength > 15 * mib, `${socket.writableLength} bytes are left`);
    finish(undefined);
    await textOf(socket, (so) => so.split('"choices"').length > 2);
    assert.equal(upstream.seen.length, 2);
  });

  it('closes the connection for the body of a request that is refused by its head', async () => {
    await start();
    const socket = await connect(request('x'.repeat(mib)).replace(/Bearer \S+/, 'Bearer wrong'));
    assert.match(await textOf(socket, () => false), /^HTTP\/1\.1 401 /);
  });

  it('keeps the connection when a request has a body that its route does not read', async () => {
    await start();
    const get = `GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:${trial.port}\r\nAuthorization: Bearer ${trial.token}\r\nContent-Length: ${mib}\r\n\r\n${'x'.repeat(mib)}`;
    const socket = await connect(get, get);
    const text = await textOf(socket, (so) => so.match(/^HTTP\/1\.1 /gm)?.length === 2);
    assert.equal(text.match(/^HTTP\/1\.1 200 /gm)?.length, 2);
  });

  it('does not run the waiting calls of a connection that has closed', async () => {
    await start();
    upstream.script(upstreams.silence);
    const body = JSON.stringify(chatBody());
    const socket = await connect(request(body) + request(body));
    await upstream.request(0);
    socket.destroy();
    await upstream.idle();
    await trial.gateway.stop();
    assert.equal(upstream.seen.length, 1);
  });

  it('refuses a body while the bodies of all clients together take too much memory', async () => {
    await start({ maxBodiesBytes: 1_000 });
    upstream.script(upstreams.silence, upstreams.answer());
    const half = JSON.stringify(chatBody({ user: 'x'.repeat(500) }));
    const first = await connect(request(half));
    await upstream.request(0);
    const refused = await ask(trial.origin, chat, { token: trial.token, body: half });
    assert.deepEqual([refused.status, refused.code, refused.headers['retry-after']], [503, 'busy', '1']);
    first.destroy();
    await upstream.idle();
    assert.equal((await ask(trial.origin, chat, { token: trial.token, body: half })).status, 200);
  });

  it('ends the call of a client that reads nothing of its answer for too long', async () => {
    await start({ stallMs: 300 });
    const event = upstreams.chatEvents.text('x'.repeat(64 * 1024));
    upstream.script(upstreams.answer(Array.from({ length: 400 }, () => event)));
    const socket = await connect(request(JSON.stringify(chatBody())));
    socket.pause();
    await upstream.request(0);
    await upstream.idle();
    await trial.gateway.stop();
    assert.deepEqual(
      trial.ledger.records.map(({ outcome }) => outcome),
      ['aborted'],
    );
  });

  it('continues the call of a slow client as long as it reads something', async () => {
    await start({ stallMs: 500 });
    const content = 'x'.repeat(6 * 1024 * 1024);
    upstream.script(upstreams.reply(200, { choices: [], content }));
    const socket = await connect(request(JSON.stringify(chatBody({ stream: false })), 'Connection: close'));
    let received = 0;
    for await (const chunk of socket) {
      received += (chunk as Buffer).length;
      if (received % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(received > content.length);
  });

  describe('stop', () => {
    const drainMs = 300;
    const hostile: Readonly<Record<string, () => Promise<unknown>>> = {
      'asked for an upgrade': () => connect(upgrade()),
      'sent half a head': () => connect('GET /v1/models HTTP/1.1\r\nHost: '),
      'sent half a body': () =>
        connect(request('{"model":').replace(/Content-Length: \d+/, 'Content-Length: 99')),
      'sent many requests at once': () => connect(request(JSON.stringify(chatBody())).repeat(100)),
      'reads nothing of a stream': async () => {
        const socket = await connect(request(JSON.stringify(chatBody())));
        socket.pause();
        await upstream.request(0);
      },
    };
    for (const [what, attack] of Object.entries(hostile)) {
      it(`stops within the drain time although a client ${what}`, async () => {
        await start({ drainMs });
        const event = upstreams.chatEvents.text('x'.repeat(64 * 1024));
        upstream.script(upstreams.stall(Array.from({ length: 400 }, () => event)));
        await attack();
        await new Promise((resolve) => setTimeout(resolve, 50));
        const began = performance.now();
        await trial.gateway.stop();
        const tookMs = performance.now() - began;
        assert.ok(tookMs < drainMs + gatewayLimits.settleMs + 500, `${tookMs} ms`);
      });
    }
  });
});
