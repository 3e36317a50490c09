import assert from 'node:assert/strict';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { AttemptReport } from '../../../src/guard/sender-port.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { wordsOf } from '../../support/languages.ts';
import { silenceResolver } from '../../support/resolver.ts';
import { tryWire } from '../../support/wire.ts';

const nameless = 'https://callguard-test.invalid/v1';

/** The end of an exchange that is aborted after this time, and the hosts of all network checks. */
async function abortedAfter(
  ms: number,
  isOnline: boolean,
  url = nameless,
): Promise<{ outcome: AttemptReport['outcome']; asked: string[] }> {
  const clock = new FakeClock();
  const abort = new AbortController();
  const asked: string[] = [];
  const trial = tryWire(url, {
    clock,
    signal: abort.signal,
    isOnline: (host) => {
      asked.push(host);
      return Promise.resolve(isOnline);
    },
  });
  await clock.advance(ms);
  abort.abort();
  const { outcome } = (await trial).report;
  assert.equal(clock.pendingTimers, 0);
  return { outcome, asked };
}

describe('createWire with a slow name resolution', () => {
  const { request } = https;
  let letResolve: () => void;
  beforeEach(() => {
    letResolve = silenceResolver();
  });
  afterEach(() => {
    letResolve();
    https.request = request;
  });

  it('reports offline after a second on a machine without a network', async () => {
    const { outcome, asked } = await abortedAfter(1_000, false);
    assert.equal(outcome.kind, 'offline');
    assert.equal(wordsOf(outcome), 'no DNS server answers for callguard-test.invalid');
    assert.deepEqual(asked, ['callguard-test.invalid']);
  });

  it('does not report offline on a machine with a network', async () => {
    const { outcome, asked } = await abortedAfter(5_000, true);
    assert.deepEqual([outcome.kind, asked.length], ['aborted', 1]);
  });

  it('does not check the network before a second has passed', async () => {
    const { outcome, asked } = await abortedAfter(999, false);
    assert.deepEqual([outcome.kind, asked], ['aborted', []]);
  });

  it('reports offline if the name is that of a proxy', async () => {
    const agent = new HttpsProxyAgent('http://proxy.invalid:8080');
    https.request = ((url: URL, options: https.RequestOptions) =>
      request(url, { ...options, agent })) as typeof https.request;
    assert.equal((await abortedAfter(1_000, false)).outcome.kind, 'offline');
  });

  it('does not report offline for an address, with a proxy or without', async () => {
    const mute = net.createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const direct = await abortedAfter(5_000, false, `https://127.0.0.1:${port}/v1`);
    const agent = new HttpsProxyAgent(`http://127.0.0.1:${port}`);
    https.request = ((url: URL, options: https.RequestOptions) =>
      request(url, { ...options, agent })) as typeof https.request;
    const proxied = await abortedAfter(5_000, false);
    await new Promise((resolve) => mute.close(resolve));
    for (const { outcome, asked } of [direct, proxied])
      assert.deepEqual([outcome.kind, asked], ['aborted', []]);
  });
});
