import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { GatewayElection, type GatewayRow } from '../../../src/gateway/election/gateway-election.ts';
import type { GatewayRole } from '../../../src/gateway/election/gateway-role.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { freePort } from '../../support/free-port.ts';
import { startFaultUpstream, stall, goodAnswer, type FaultUpstream } from '../../support/fault-upstream.ts';
import { TestLock } from '../../support/gateway-lock.ts';
import { memoryGatewayRow } from '../../support/gateway-row.ts';
import { ask, chatBody, gatewayParts, type GatewayParts } from '../../support/gateway.ts';
import { until } from '../../support/vscode/until.ts';

describe('GatewayElection: hand-over between windows', () => {
  let upstream: FaultUpstream;
  let parts: GatewayParts;
  let lock: TestLock;
  let row: GatewayRow;
  let port: number;
  let windows: GatewayElection[];
  let troubles: unknown[];

  beforeEach(async () => {
    upstream = await startFaultUpstream();
    parts = await gatewayParts({
      providers: { acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } },
    });
    lock = new TestLock();
    row = memoryGatewayRow();
    windows = [];
    troubles = [];
    port = await freePort();
  });
  afterEach(async () => {
    await Promise.all(windows.map((window) => window.shutDown()));
    await upstream.close();
  });

  const openWindow = (name: string) => {
    const create = () => parts.create({ port, drainMs: 300 });
    const window = new GatewayElection({
      row,
      settings: { current: { gatewayPort: port }, onDidChange: () => ({ dispose: () => undefined }) },
      load: () => Promise.resolve({ lock: lock.of(name), create }),
      clock: systemClock,
      log: { info: () => undefined, error: (_message, error) => troubles.push(error) },
    });
    windows.push(window);
    return window;
  };
  const becomes = (window: GatewayElection, kind: GatewayRole['kind']) =>
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

  it('lets one window serve, and another one after the first is closed, at the same address with the same tokens', async () => {
    const first = openWindow('first');
    await becomes(first, 'serving');
    const second = openWindow('second');
    await triesAgain('second');
    assert.equal(second.role.kind, 'standingBy');
    assert.ok(await isServed());
    await first.shutDown();
    await becomes(second, 'serving');
    assert.ok(await isServed());
  });

  it('lets the next window serve while calls still end in the window that closes', async () => {
    const first = openWindow('first');
    await becomes(first, 'serving');
    const second = openWindow('second');
    upstream.script(stall(goodAnswer.slice(0, 2)));
    const call = ask(`http://127.0.0.1:${port}`, '/v1/chat/completions', {
      token: parts.token,
      body: chatBody(),
    });
    await upstream.request(0);
    const stopped = first.shutDown();
    await becomes(second, 'serving');
    await stopped;
    assert.match((await call).text, /"code":"stopped"/);
  });

  it('stops a window that lost the lock, and lets the new owner of the lock serve', async () => {
    const first = openWindow('first');
    await becomes(first, 'serving');
    lock.giveTo('second');
    const second = openWindow('second');
    await becomes(first, 'standingBy');
    await becomes(second, 'serving');
    assert.ok(await isServed());
  });

  it('names the port that another program uses, and serves once the port is free', async () => {
    const stranger = net.createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    const window = openWindow('first');
    await becomes(window, 'failing');
    assert.ok(window.role.kind === 'failing' && window.role.problem.kind === 'portInUse');
    assert.equal(window.role.problem.port, port);
    await new Promise((resolve) => stranger.close(resolve));
    await becomes(window, 'serving');
  });

  it('lets no window serve while the lock cannot be read', async () => {
    const window = openWindow('first');
    await becomes(window, 'serving');
    lock.broken = true;
    await becomes(window, 'starting');
    await assert.rejects(isServed(), /ECONNREFUSED/);
    await triesAgain('first');
    assert.deepEqual(troubles.map(String), ['Error: the disk is full']);
    lock.broken = false;
    await becomes(window, 'serving');
  });

  it('reports each change of role once', async () => {
    const window = openWindow('first');
    const roles: string[] = [];
    window.onDidChange(({ kind }) => roles.push(kind));
    await becomes(window, 'serving');
    await triesAgain('first');
    await window.shutDown();
    assert.deepEqual(roles, ['starting', 'serving', 'stopping', 'off']);
  });
});
