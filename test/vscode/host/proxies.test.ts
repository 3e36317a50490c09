import assert from 'node:assert/strict';
import type { lookup, LookupAddress, LookupOptions } from 'node:dns';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { RequestError, Server } from 'proxy-chain';
import * as vscode from 'vscode';
import { answer, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { configure, offered } from '../../support/vscode/host-models.ts';

interface Heard {
  chunks: string[];
  error?: { name: string; code: string; message: string };
}

/** VS Code bypasses its proxy for this machine's own names, so the upstream has a name that only the proxy knows. */
const host = 'upstream.callguard-test.example';

async function ask(model: string): Promise<Heard> {
  return vscode.commands.executeCommand('consumer.ask', model, 'Hello?');
}

interface HttpSettings {
  proxy?: string;
  proxySupport?: 'on';
  proxyStrictSSL?: boolean;
}

async function setHttp(settings: HttpSettings): Promise<void> {
  for (const name of ['proxy', 'proxySupport', 'proxyStrictSSL'] as const) {
    await vscode.workspace
      .getConfiguration('http')
      .update(name, settings[name], vscode.ConfigurationTarget.Global);
  }
}

/** Sets up one provider with this id, and waits until VS Code offers its model `m`. */
async function setProvider(id: string | undefined, baseUrl = '', connect = 5): Promise<void> {
  const kind = 'openai-compatible';
  const entry = { kind, baseUrl, models: { list: ['m'] }, retry: { retries: 0 }, timeouts: { connect } };
  await configure(id === undefined ? undefined : { [id]: entry });
  if (id !== undefined) await offered(`${id}/m`);
}

type Found = (error: null, address: string | LookupAddress[], family?: number) => void;

/** Resolves every name to this machine. */
function loopback(_name: string, { all }: LookupOptions, found: Found): void {
  const [address, family] = ['127.0.0.1', 4] as const;
  if (all === true) found(null, [{ address, family }]);
  else found(null, address, family);
}

/**
 * A proxy as companies run it. It sends `host` to this machine. It runs in the extension host, so its own requests
 * need an agent and `http.proxySupport: on` in order not to come back to it.
 */
async function startProxy() {
  const asked: string[] = [];
  const httpAgent = new http.Agent();
  const proxy = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ request, hostname }) => {
      // VS Code's own requests use this proxy too.
      if (hostname !== host) throw new RequestError('no such host', 502);
      asked.push(request.method ?? '');
      return { dnsLookup: loopback as typeof lookup, httpAgent };
    },
  });
  await proxy.listen();
  return { asked, url: `http://127.0.0.1:${proxy.port}`, close: () => proxy.close(true) };
}

/** A proxy that accepts every CONNECT and never answers. */
async function startSilentProxy() {
  const sockets = new Set<Socket>();
  const heard: string[] = [];
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once('data', (bytes) => heard.push(bytes.toString('latin1').split('\r\n', 1).join('')));
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => {
        resolve();
      });
    });
  return { heard, sockets, url: `http://127.0.0.1:${port}`, close };
}

describe("VS Code's network settings", () => {
  let plain: FaultUpstream;
  let secure: FaultUpstream;
  const behind = (upstream: FaultUpstream) => upstream.baseUrl.replace('127.0.0.1', host);

  before(async () => {
    plain = await startFaultUpstream();
    secure = await startFaultUpstream({ tls: true });
  });
  afterEach(async () => {
    await setHttp({});
    await setProvider(undefined);
  });
  after(async () => {
    await plain.close();
    await secure.close();
  });

  it('send a call through the proxy of http.proxy', async () => {
    const proxy = await startProxy();
    await setHttp({ proxy: proxy.url, proxySupport: 'on' });
    await setProvider('plain', behind(plain));
    const { chunks, error } = await ask('plain/m');
    assert.deepEqual([chunks.join(''), error], ['Hello world', undefined]);
    assert.deepEqual(proxy.asked, ['POST']);
    await proxy.close();
  });

  it('send TLS through a tunnel, and count the connection from secureConnect on, not from the first byte', async () => {
    const proxy = await startProxy();
    await setHttp({ proxy: proxy.url, proxyStrictSSL: false });
    // The answer starts long after the connect timeout.
    secure.script(async (exchange) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await answer()(exchange);
    });
    await setProvider('tunnelled', behind(secure), 2);
    const { chunks, error } = await ask('tunnelled/m');
    assert.deepEqual([chunks.join(''), error], ['Hello world', undefined]);
    assert.deepEqual(proxy.asked, ['CONNECT']);
    await proxy.close();
  });

  it('let the connect timeout end a call through a proxy that is silent after CONNECT', async () => {
    const proxy = await startSilentProxy();
    await setHttp({ proxy: proxy.url });
    await setProvider('unheard', behind(secure), 0.5);
    const { chunks, error } = await ask('unheard/m');
    assert.deepEqual(chunks, []);
    assert.match(error?.message ?? '', /no connection.*\(timeout 'connect'\)/);
    assert.match(proxy.heard.join(), /^CONNECT upstream\.callguard-test\.example:\d+ HTTP\/1\.1$/);
    while (proxy.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await proxy.close();
  });

  it('refuse an untrusted certificate with a reason, unless http.proxyStrictSSL is off', async () => {
    secure.script(answer());
    await setProvider('selfsigned', secure.baseUrl);
    const seen = secure.seen.length;
    const refused = await ask('selfsigned/m');
    assert.match(refused.error?.message ?? '', /its certificate is not trusted on this machine/);
    assert.equal(secure.seen.length, seen);
    await setHttp({ proxyStrictSSL: false });
    const { chunks, error } = await ask('selfsigned/m');
    assert.deepEqual([chunks.join(''), error], ['Hello world', undefined]);
  });
});
