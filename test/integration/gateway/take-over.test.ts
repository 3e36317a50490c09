import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { SharedGateway, type GatewayLock } from '../../../src/gateway/shared-gateway.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { startFaultUpstream, stall, goodAnswer, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, chatBody, gatewayParts, type GatewayParts } from '../../support/gateway.ts';

/** The lock of all the windows of a test. */
class Lock {
  #owner: string | undefined;
  broken = false;

  of(owner: string): GatewayLock {
    return {
      take: () => {
        if (this.broken) return Promise.reject(new Error('the disk is full'));
        this.#owner ??= owner;
        return Promise.resolve(this.#owner === owner);
      },
      free: () => {
        if (this.#owner === owner) this.#owner = undefined;
      },
    };
  }

  giveTo(owner: string): void {
    this.#owner = owner;
  }
}

describe('the gateway of several windows', () => {
  let upstream: FaultUpstream;
  let parts: GatewayParts;
  let lock: Lock;
  let port: number;
  let windows: SharedGateway[];
  let troubles: unknown[];

  beforeEach(async () => {
    upstream = await startFaultUpstream();
    parts = await gatewayParts({
      providers: { acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } },
    });
    lock = new Lock();
    windows = [];
    troubles = [];
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    ({ port } = probe.address() as net.AddressInfo);
    await new Promise((resolve) => probe.close(resolve));
  });
  afterEach(async () => {
    await Promise.all(windows.map((window) => window.stop()));
    await upstream.close();
  });

  const openWindow = (name: string) => {
    const create = () => parts.create({ port, drainMs: 300 });
    const onTrouble = (error: unknown) => troubles.push(error);
    const window = new SharedGateway({ create, lock: lock.of(name), clock: systemClock, onTrouble });
    windows.push(window);
    return window;
  };
  const until = async (window: SharedGateway, kind: SharedGateway['role']['kind']) => {
    const began = performance.now();
    while (window.role.kind !== kind) {
      assert.ok(performance.now() - began < 5_000, `still ${window.role.kind}, never ${kind}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return performance.now() - began;
  };
  const isServed = async () =>
    (await ask(`http://127.0.0.1:${port}`, '/v1/models', { token: parts.token })).status === 200;

  it('is served by one, and by another within 2 s of its closing, at the same address with the same tokens', async () => {
    const first = openWindow('first');
    await until(first, 'serving');
    const second = openWindow('second');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(second.role.kind, 'standingBy');
    assert.ok(await isServed());
    await first.stop();
    assert.ok((await until(second, 'serving')) < 2_000);
    assert.ok(await isServed());
  });

  it('is taken over while calls still end in the window that closes', async () => {
    const first = openWindow('first');
    await until(first, 'serving');
    const second = openWindow('second');
    upstream.script(stall(goodAnswer.slice(0, 2)));
    const call = ask(`http://127.0.0.1:${port}`, '/v1/chat/completions', {
      token: parts.token,
      body: chatBody(),
    });
    await upstream.request(0);
    const stopped = first.stop();
    assert.ok((await until(second, 'serving')) < 2_000);
    await stopped;
    assert.match((await call).text, /"code":"stopped"/);
  });

  it('is taken over from a window that lost the lock, which stops', async () => {
    const first = openWindow('first');
    await until(first, 'serving');
    lock.giveTo('second');
    const second = openWindow('second');
    await until(first, 'standingBy');
    await until(second, 'serving');
    assert.ok(await isServed());
  });

  it('names the port that a stranger has, and serves once it is free', async () => {
    const stranger = net.createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    const window = openWindow('first');
    await until(window, 'failing');
    assert.ok(window.role.kind === 'failing' && window.role.problem.kind === 'portInUse');
    assert.match(window.role.problem.message, new RegExp(String(port)));
    await new Promise((resolve) => stranger.close(resolve));
    await until(window, 'serving');
  });

  it('is served by nobody while nobody can know who has the lock', async () => {
    const window = openWindow('first');
    await until(window, 'serving');
    lock.broken = true;
    await until(window, 'standingBy');
    await assert.rejects(isServed(), /ECONNREFUSED/);
    assert.match(String(troubles[0]), /the disk is full/);
    lock.broken = false;
    await until(window, 'serving');
  });

  it('tells of each change once', async () => {
    const window = openWindow('first');
    const roles: string[] = [];
    window.onDidChange(({ kind }) => roles.push(kind));
    await until(window, 'serving');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await window.stop();
    assert.deepEqual(roles, ['serving', 'standingBy']);
  });
});
