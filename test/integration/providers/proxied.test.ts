import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { HttpsProxyAgent } from 'https-proxy-agent';
import * as upstreams from '../../support/fault-upstream.ts';
import { tryWire } from '../../support/wire.ts';

/** How the proxy answers a CONNECT. */
type OnConnect = (client: Duplex, target: { host: string; port: number }) => void;

const tunnel: OnConnect = (client, target) => {
  const server = net.connect(target, () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    server.pipe(client).pipe(server);
  });
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
};

async function startProxy(onConnect: OnConnect) {
  const server = http.createServer();
  const clients: Duplex[] = [];
  const arrived = Promise.withResolvers<Duplex>();
  server.on('connect', (request, client) => {
    const { hostname: host, port } = new URL(`http://${request.url ?? ''}`);
    clients.push(client);
    arrived.resolve(client);
    onConnect(client, { host, port: Number(port) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** The first client that asked for a tunnel. */
    arrived: arrived.promise,
    close: () =>
      new Promise<void>((resolve) => {
        for (const client of clients) client.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** VS Code patches `https.request` in this way for its proxy settings, with an agent of the same kind. */
describe('createWire behind a proxy', () => {
  const { request } = https;
  let upstream: upstreams.FaultUpstream;
  let proxy: Awaited<ReturnType<typeof startProxy>>;

  const useProxy = async (onConnect: OnConnect) => {
    proxy = await startProxy(onConnect);
    const agent = new HttpsProxyAgent(proxy.url);
    https.request = ((url: URL, options: https.RequestOptions) =>
      request(url, { ...options, agent, ca: upstreams.upstreamCertificate })) as typeof https.request;
  };

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream({ tls: true });
  });
  afterEach(async () => {
    https.request = request;
    await proxy.close();
    await upstream.close();
  });

  it('sends through the tunnel, and reports connected only after it is open', async () => {
    const opened = Promise.withResolvers<undefined>();
    await useProxy((client, target) => {
      void opened.promise.then(() => {
        tunnel(client, target);
      });
    });
    let isOpen = false;
    const trial = tryWire(upstream.baseUrl, {
      progress: () => {
        assert.ok(isOpen, 'told too early');
      },
    });
    await proxy.arrived;
    isOpen = true;
    opened.resolve(undefined);
    const { report, progress } = await trial;
    assert.equal(report.outcome.kind, 'complete');
    assert.deepEqual(progress, ['connected', 'headers', 'bytes']);
  });

  it('closes the socket to a silent proxy when it is aborted', async () => {
    await useProxy((client) => client.resume());
    const abort = new AbortController();
    const trial = tryWire(upstream.baseUrl, { signal: abort.signal });
    const client = await proxy.arrived;
    const ended = new Promise((resolve) => client.once('end', resolve));
    abort.abort();
    const { report, progress } = await trial;
    assert.deepEqual([report.outcome.kind, progress], ['aborted', []]);
    await ended;
  });

  it('closes a tunnel that opens after the abort', async () => {
    const opened = Promise.withResolvers<undefined>();
    await useProxy((client, target) => {
      void opened.promise.then(() => {
        tunnel(client, target);
      });
    });
    const abort = new AbortController();
    const trial = tryWire(upstream.baseUrl, { signal: abort.signal });
    const client = await proxy.arrived;
    const closed = new Promise((resolve) => client.once('close', resolve));
    abort.abort();
    opened.resolve(undefined);
    await trial;
    await closed;
    await upstream.idle();
    assert.equal(upstream.seen.length, 0);
  });

  it('reports the refusal of a proxy', async () => {
    await useProxy((client) => {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    });
    const { report } = await tryWire(upstream.baseUrl);
    assert.deepEqual([report.outcome.kind, report.status], ['http', 407]);
  });
});
