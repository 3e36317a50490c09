import assert from 'node:assert/strict';
import path from 'node:path';
import { GatewayElection } from '../../../src/gateway/election/gateway-election.ts';
import { ledgerGatewayRow } from '../../../src/gateway/election/ledger-gateway-row.ts';
import { describeStoredProblem } from '../../../src/gateway/start-problem.ts';
import type { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import type { TestLedger } from '../../support/open-ledger.ts';
import { systemClock, type Clock } from '../../../src/shared/clock.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import { err, ok } from '../../../src/shared/result.ts';
import { english } from '../../../src/shared/l10n.ts';
import { TestLock } from '../../support/gateway-lock.ts';
import { until } from '../../support/vscode/until.ts';
import { folder, letGoAfterEach, openWindow } from '../ledger/ledger-fixture.ts';

/** One window: its election, and what its servers did. */
class TestWindow {
  readonly did: string[] = [];
  readonly troubles: unknown[] = [];
  /** Why it cannot load the gateway, the next times. */
  readonly obstacles: Error[] = [];
  isPortTaken = false;
  readonly logged: string[] = [];
  readonly settings = { current: { gatewayPort: 1_111 }, changed: new Emitter<undefined>() };
  readonly store: LedgerStore;
  readonly ledger: TestLedger;
  readonly gateway: GatewayElection;

  constructor(ledger: TestLedger, lock: ReturnType<TestLock['of']>, clock: Clock) {
    const { store } = ledger;
    this.ledger = ledger;
    this.store = store;
    const { settings, did, troubles, logged } = this;
    this.gateway = new GatewayElection({
      row: ledgerGatewayRow(store),
      settings: {
        get current() {
          return settings.current;
        },
        onDidChange: settings.changed.event,
      },
      clock,
      log: { info: (message) => logged.push(message), error: (_message, error) => troubles.push(error) },
      load: () => {
        const obstacle = this.obstacles.shift();
        if (obstacle !== undefined) return Promise.reject(obstacle);
        did.push('loads');
        return Promise.resolve({ lock, create: (port) => this.#serverOn(port) });
      },
    });
  }

  async does(what: readonly string[]): Promise<void> {
    await until(
      `the window to have done ${what.join(', ')}`,
      () => Promise.resolve(this.did),
      (did) => JSON.stringify(did) === JSON.stringify(what),
    );
  }

  #serverOn(port: number) {
    return {
      start: () => {
        if (this.isPortTaken) return Promise.resolve(err({ kind: 'portInUse', port } as const));
        this.did.push(`serves ${port}`);
        return Promise.resolve(ok({ port }));
      },
      stop: () => {
        this.did.push(`leaves ${port}`);
        return Promise.resolve();
      },
    };
  }
}

describe('GatewayElection: desired state', () => {
  let windows: TestWindow[];
  let lock: TestLock;
  let file: string;

  beforeEach(() => {
    windows = [];
    lock = new TestLock();
    file = path.join(folder(), 'ledger.db');
  });
  afterEach(async () => {
    for (const window of windows) {
      await window.gateway.shutDown();
      assert.deepEqual(window.troubles, []);
      assert.equal(window.gateway.role.kind, 'off');
    }
  });
  // Only then.
  letGoAfterEach();

  const open = async (clock: Clock = systemClock) => {
    const window = new TestWindow(
      await openWindow(file, systemClock),
      lock.of(String(windows.length)),
      clock,
    );
    windows.push(window);
    return window;
  };
  const stateBecomes = ({ store }: TestWindow, kind: string) =>
    until(
      `the gateway to be ${kind}`,
      () => Promise.resolve(store.gateway.state()),
      (state) => state.kind === kind,
    );
  const fast: Clock = { ...systemClock, after: (_, run) => systemClock.after(10, run) };

  it('loads nothing until the gateway is wanted, and returns the state when it starts', async () => {
    const window = await open();
    await window.store.wantGateway(false);
    assert.deepEqual([window.did, window.gateway.role.kind], [[], 'off']);
    assert.deepEqual(await window.gateway.start(), { kind: 'serving', port: 1_111 });
    assert.deepEqual(window.did, ['loads', 'serves 1111']);
  });

  it('loads nothing after it is disposed', async () => {
    const window = await open();
    window.gateway.dispose();
    await window.store.wantGateway(true);
    await window.gateway.shutDown();
    assert.deepEqual([window.did, window.gateway.role.kind], [[], 'off']);
  });

  it('tries to load the gateway again after a failure, and logs the failure once', async () => {
    const window = await open(fast);
    window.obstacles.push(new Error('the ledger is locked'), new Error('the ledger is locked'));
    await window.store.wantGateway(true);
    await window.does(['loads', 'serves 1111']);
    assert.match(String(window.troubles.shift()), /locked/);
    assert.equal(window.troubles.length, 0);
    // After a success the same failure is logged again.
    window.obstacles.push(new Error('the ledger is locked'));
    window.settings.current = { gatewayPort: 2_222 };
    window.settings.changed.fire(undefined);
    await window.does(['loads', 'serves 1111', 'leaves 1111', 'loads', 'serves 2222']);
    assert.match(String(window.troubles.shift()), /locked/);
  });

  it('does not say that another window serves if the lock cannot be asked', async () => {
    const window = await open(fast);
    lock.broken = true;
    await window.store.wantGateway(true);
    await until(
      'the window to report the lock',
      () => Promise.resolve(window.troubles.shift()),
      (trouble) => /disk is full/.test(String(trouble)),
    );
    assert.equal(window.gateway.role.kind, 'starting');
    lock.broken = false;
    await window.does(['loads', 'serves 1111']);
    assert.deepEqual(window.logged, ['Gateway: serving on port 1111.']);
  });

  it('stands by while another window serves, and leaves when that window stops the gateway', async () => {
    const first = await open();
    await first.gateway.start();
    const second = await open();
    await second.does(['loads']);
    await until(
      'the second window to stand by',
      () => Promise.resolve(second.gateway.role.kind),
      (kind) => kind === 'standingBy',
    );
    await second.gateway.stop();
    await first.does(['loads', 'serves 1111', 'leaves 1111']);
    assert.deepEqual(first.store.gateway.state(), { kind: 'off' });
    assert.deepEqual(second.did, ['loads']);
  });

  it('serves again in the next session, as closing a window does not stop the gateway', async () => {
    const first = await open();
    await first.gateway.start();
    await first.gateway.shutDown();
    assert.deepEqual(first.did, ['loads', 'serves 1111', 'leaves 1111']);
    assert.deepEqual(first.store.gateway.state(), { kind: 'starting' });
    await (await open()).does(['loads', 'serves 1111']);
  });

  it('moves to another port when the setting changes', async () => {
    const window = await open();
    await window.gateway.start();
    window.settings.current = { gatewayPort: 2_222 };
    window.settings.changed.fire(undefined);
    await window.does(['loads', 'serves 1111', 'leaves 1111', 'loads', 'serves 2222']);
    await stateBecomes(window, 'serving');
    assert.deepEqual(window.store.gateway.state(), { kind: 'serving', port: 2_222 });
  });

  it('reports again that it serves after a stop and start that it did not see', async () => {
    const window = await open();
    await window.gateway.start();
    await window.ledger.transactions.write(() => {
      window.ledger.tables.gateway.want(false);
      window.ledger.tables.gateway.want(true);
    });
    await stateBecomes(window, 'serving');
    assert.deepEqual(window.did, ['loads', 'serves 1111']);
  });

  it('replaces the same report of a window that has ended', async () => {
    const window = await open();
    await window.ledger.transactions.write(() => {
      window.ledger.tables.gateway.want(true);
      window.ledger.tables.gateway.report('dead', { kind: 'serving', port: 1_111 });
    });
    await window.does(['loads', 'serves 1111']);
    await window.gateway.shutDown();
    assert.deepEqual(window.store.gateway.state(), { kind: 'starting' });
  });

  it('waits a second for its port before it reports that it fails', async () => {
    const window = await open();
    window.isPortTaken = true;
    const roles: string[] = [];
    window.gateway.onDidChange(({ kind }) => roles.push(kind));
    const startMs = performance.now();
    const state = await window.gateway.start();
    assert.ok(performance.now() - startMs >= 1_000);
    assert.match(state.kind === 'failing' ? describeStoredProblem(state.problem, english) : '', /Port 1111/);
    window.isPortTaken = false;
    await stateBecomes(window, 'serving');
    assert.deepEqual(roles, ['starting', 'waitingForPort', 'failing', 'serving']);
  });
});
