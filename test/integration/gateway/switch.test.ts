import assert from 'node:assert/strict';
import path from 'node:path';
import { GatewaySwitch } from '../../../src/editor/gateway/gateway-switch.ts';
import { Reporter } from '../../../src/editor/gateway/gateway-reporter.ts';
import { wantGateway } from '../../../src/ledger/manual-overrides.ts';
import type { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import { systemClock, type Clock } from '../../../src/shared/clock.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import { until } from '../../support/vscode/until.ts';
import { folder, letGoAfterEach, openWindow } from '../ledger/ledger-fixture.ts';

/** One window: its switch, and what it did. */
class TestWindow {
  readonly did: string[] = [];
  readonly troubles: unknown[] = [];
  /** Why it cannot take part, the next times. */
  readonly obstacles: Error[] = [];
  readonly settings = { current: { gatewayPort: 1_111 }, changed: new Emitter<undefined>() };
  readonly store: LedgerStore;
  readonly gateway: GatewaySwitch;

  constructor(store: LedgerStore, clock: Clock) {
    this.store = store;
    const { settings, did, troubles } = this;
    const onTrouble = (error: unknown) => troubles.push(error);
    this.gateway = new GatewaySwitch({
      ledger: Promise.resolve(store),
      settings: {
        get current() {
          return settings.current;
        },
        onDidChange: settings.changed.event,
      },
      clock,
      log: {
        error: (_message, error) => {
          onTrouble(error);
        },
      },
      takePart: (port) => {
        const obstacle = this.obstacles.shift();
        if (obstacle !== undefined) return Promise.reject(obstacle);
        did.push(`takes part on ${port}`);
        const reporter = new Reporter(store, onTrouble);
        reporter.publish({ kind: 'serving', port });
        return Promise.resolve({
          update: () => {
            reporter.check();
          },
          stop: async () => {
            did.push(`leaves ${port}`);
            reporter.publish(undefined);
            await reporter.settled;
          },
        });
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
}

describe("a window's switch of the gateway", () => {
  let windows: TestWindow[];
  let file: string;

  beforeEach(() => {
    windows = [];
    file = path.join(folder(), 'ledger.db');
  });
  afterEach(async () => {
    for (const window of windows) {
      await window.gateway.shutDown();
      assert.deepEqual(window.troubles, []);
    }
  });
  // Only then.
  letGoAfterEach();

  const open = async (clock: Clock = systemClock) => {
    const window = new TestWindow((await openWindow(file, systemClock)).store, clock);
    windows.push(window);
    return window;
  };
  const stateBecomes = ({ store }: TestWindow, kind: string) =>
    until(
      `the gateway to be ${kind}`,
      () => Promise.resolve(store.gateway.state()),
      (state) => state.kind === kind,
    );

  it('loads nothing until the gateway is wanted, then says what became of it', async () => {
    const window = await open();
    await wantGateway(window.store, false);
    assert.deepEqual(window.did, []);
    assert.deepEqual(await window.gateway.start(), { kind: 'serving', port: 1_111 });
    assert.deepEqual(window.did, ['takes part on 1111']);
  });

  it('tries again where it could not take part, and logs once why', async () => {
    const window = await open({ ...systemClock, after: (_, run) => systemClock.after(10, run) });
    window.obstacles.push(new Error('the ledger is locked'), new Error('the ledger is locked'));
    await wantGateway(window.store, true);
    await window.does(['takes part on 1111']);
    assert.match(String(window.troubles.shift()), /locked/);
    // What comes again after it went well is news.
    window.obstacles.push(new Error('the ledger is locked'));
    window.settings.current = { gatewayPort: 2_222 };
    window.settings.changed.fire(undefined);
    await window.does(['takes part on 1111', 'leaves 1111', 'takes part on 2222']);
    assert.match(String(window.troubles.shift()), /locked/);
  });

  it('obeys another window, and leaves when that one stops it', async () => {
    const [first, second] = [await open(), await open()];
    await first.gateway.start();
    await second.does(['takes part on 1111']);
    await first.gateway.stop();
    await second.does(['takes part on 1111', 'leaves 1111']);
    assert.deepEqual(first.store.gateway.state(), { kind: 'off' });
  });

  it('is on again in the next session, as closing a window does not stop the gateway', async () => {
    const first = await open();
    await first.gateway.start();
    await first.gateway.shutDown();
    assert.deepEqual(first.did, ['takes part on 1111', 'leaves 1111']);
    assert.deepEqual(first.store.gateway.state(), { kind: 'starting' });
    await (await open()).does(['takes part on 1111']);
  });

  it('moves to another port when the setting changes', async () => {
    const window = await open();
    await window.gateway.start();
    window.settings.current = { gatewayPort: 2_222 };
    window.settings.changed.fire(undefined);
    await window.does(['takes part on 1111', 'leaves 1111', 'takes part on 2222']);
    await stateBecomes(window, 'serving');
    assert.deepEqual(window.store.gateway.state(), { kind: 'serving', port: 2_222 });
  });

  it('says again that it serves after an off and on that nobody saw', async () => {
    const window = await open();
    await window.gateway.start();
    await window.store.write(() => {
      window.store.gateway.want(false);
      window.store.gateway.want(true);
    });
    await stateBecomes(window, 'serving');
    assert.deepEqual(window.did, ['takes part on 1111']);
  });
});
