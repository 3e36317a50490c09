import assert from 'node:assert/strict';
import { freePort } from '../../support/free-port.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, chatBody } from '../../support/gateway.ts';
import { openLedgerIn, tokensOf } from '../../support/gateway-window.ts';
import { openGatewayWindow, type GatewayWindow } from '../../support/gateway-windows.ts';
import { until } from '../../support/vscode/until.ts';
import { folder, letGoAfterEach } from '../ledger/ledger-fixture.ts';

describe('GatewayElection: windows in separate processes', () => {
  letGoAfterEach();
  let upstream: FaultUpstream;
  let home: string;
  let port: number;
  let windows: GatewayWindow[];

  beforeEach(async () => {
    upstream = await startFaultUpstream();
    home = folder();
    port = await freePort();
    windows = [];
  });
  afterEach(async () => {
    for (const window of windows) window.kill();
    await upstream.close();
  });

  const open = async () => {
    const entries = { acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } };
    const window = await openGatewayWindow(home, port, entries);
    windows.push(window);
    return window;
  };
  const becomes = (window: GatewayWindow, role: GatewayWindow['role']) =>
    until(
      `a window to be ${role}`,
      () => Promise.resolve(window.role),
      (now) => now === role,
    );

  for (const [how, leave] of [
    [
      'is killed',
      (window: GatewayWindow) => {
        window.kill();
      },
    ],
    ['closes', (window: GatewayWindow) => window.stop()],
  ] as const) {
    it(`lets another window serve at the same address with the same tokens when the first one ${how}`, async () => {
      const first = await open();
      await becomes(first, 'serving');
      const second = await open();
      const { store, dispose } = await openLedgerIn(home);
      const { token } = await tokensOf(store).issue({ kind: 'calls', tenant: 'work' });
      const say = async () =>
        (await ask(`http://127.0.0.1:${port}`, '/v1/chat/completions', { token, body: chatBody() })).status;
      assert.deepEqual([await say(), second.role], [200, 'standingBy']);
      await leave(first);
      await becomes(second, 'serving');
      assert.equal(await say(), 200);
      assert.equal(store.usage.totals('0000', '9999', { tenant: 'work' }).requests, 2);
      dispose();
    });
  }
});
