import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { SharedGateway, type GatewayLock } from '../../../src/gateway/shared-gateway.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { freePort } from '../../support/free-port.ts';
import { startFaultUpstream, stall, goodAnswer, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, chatBody, gatewayParts, type GatewayParts } from '../../support/gateway.ts';
import { until } from '../../support/vscode/until.ts';

/** The lock of all the windows of a test. */
class Lock {
  #owner: string | undefined;
  broken = false;
  /** How often each has asked for it, in vain or not. */
  readonly tries = new Map<string, number>();

  of(owner: string): GatewayLock {
    return {
      take: () => {
        this.tries.set(owner, (this.tries.get(owner) ?? 0) + 1);
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
    port = await freePort();
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
  const becomes = (window: SharedGateway, kind: SharedGateway['role']['kind']) =>
    until(
      `a window to be ${kind}`,
      () => Promise.resolve(window.role.kind),
      (now) => now === kind,
    );
  const triesAgain = (name: string) => {
    const before = lock.tries.get(name) ?? 0;
    return until(
      `the ${name} window to try again`,
      () => Promise.resolve(lock.tries.get(name) ?? 0),
      (now) => now > before + 1,
    );
  };
  const isServed = async () =>
    (await ask(`http://127.0.0.1:${port}`, '/v1/models', { token: parts.token })).status === 200;

  it('is served by one, and by another once it is closed, at the same address with the same tokens', async () => {
    const first = openWindow('first');
    await becomes(first, 'serving');
    const second = openWindow('second');
    await triesAgain('second');
    assert.equal(second.role.kind, 'standingBy');
    assert.ok(await isServed());
    await first.stop();
    await becomes(second, 'serving');
    assert.ok(await isServed());
  });

  it('is taken over while calls still end in the window that closes', async () => {
    const first = openWindow('first');
    await becomes(first, 'serving');
    const second = openWindow('second');
    upstream.script(stall(goodAnswer.slice(0, 2)));
    const call = ask(`http://127.0.0.1:${port}`, '/v1/chat/completions', {
      token: parts.token,
      body: chatBody(),
    });
    await upstream.request(0);
    const stopped = first.stop();
    await becomes(second, 'serving');
    await stopped;
    assert.match((await call).text, /"code":"stopped"/);
  });

  it('is taken over from a window that lost the lock, which stops', async () => {
    const first = openWindow('first');
    await becomes(first, 'serving');
    lock.giveTo('second');
    const second = openWindow('second');
    await becomes(first, 'standingBy');
    await becomes(second, 'serving');
    assert.ok(await isServed());
  });

  it('names the port that a stranger has, and serves once it is free', async () => {
    const stranger = net.createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    const window = openWindow('first');
    await becomes(window, 'failing');
    assert.ok(window.role.kind === 'failing' && window.role.problem.kind === 'portInUse');
    assert.equal(window.role.problem.port, port);
    await new Promise((resolve) => stranger.close(resolve));
    await becomes(window, 'serving');
  });

  it('is served by nobody while nobody can know who has the lock', async () => {
    const window = openWindow('first');
    await becomes(window, 'serving');
    lock.broken = true;
    await becomes(window, 'standingBy');
    await assert.rejects(isServed(), /ECONNREFUSED/);
    await triesAgain('first');
    assert.deepEqual(troubles.map(String), ['Error: the disk is full']);
    lock.broken = false;
    await becomes(window, 'serving');
  });

  it('tells of each change once', async () => {
    const window = openWindow('first');
    const roles: string[] = [];
    window.onDidChange(({ kind }) => roles.push(kind));
    await becomes(window, 'serving');
    await triesAgain('first');
    await window.stop();
    assert.deepEqual(roles, ['serving', 'standingBy']);
  });
});
