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

/** How an exchange ends that is aborted after so long, and which hosts the machine was asked about. */
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

describe('a name that no resolver answers for', () => {
  const { request } = https;
  let letResolve: () => void;
  beforeEach(() => {
    letResolve = silenceResolver();
  });
  afterEach(() => {
    letResolve();
    https.request = request;
  });

  it('is the trouble of a machine without a network, which is asked after a second', async () => {
    const { outcome, asked } = await abortedAfter(1_000, false);
    assert.equal(outcome.kind, 'offline');
    assert.equal(wordsOf(outcome), 'no DNS server answers for callguard-test.invalid');
    assert.deepEqual(asked, ['callguard-test.invalid']);
  });

  it('is not, where the machine has a network', async () => {
    const { outcome, asked } = await abortedAfter(5_000, true);
    assert.deepEqual([outcome.kind, asked.length], ['aborted', 1]);
  });

  it('asks nothing of a machine before the second is over', async () => {
    const { outcome, asked } = await abortedAfter(999, false);
    assert.deepEqual([outcome.kind, asked], ['aborted', []]);
  });

  it('may be the name of a proxy', async () => {
    const agent = new HttpsProxyAgent('http://proxy.invalid:8080');
    https.request = ((url: URL, options: https.RequestOptions) =>
      request(url, { ...options, agent })) as typeof https.request;
    assert.equal((await abortedAfter(1_000, false)).outcome.kind, 'offline');
  });

  it('is not what keeps an address from answering, with a proxy or without', async () => {
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
