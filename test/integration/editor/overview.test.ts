import assert from 'node:assert/strict';
import { Overview, type Seen } from '../../../src/editor/overview.ts';
import type { Log } from '../../../src/shared/log.ts';
import type { EditorSettings } from '../../../src/editor/editor-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { defaultCircuitOptions } from '../../../src/guard/breaker.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { admitted, freshWindow, letGoAfterEach } from '../ledger/ledger-fixture.ts';
import { completed, failed, pauseFor } from '../ledger/ledger-requests.ts';
import { settingsOf } from '../observe/observe-fixture.ts';

const circuit = { ...defaultCircuitOptions, failures: 1 };
const nothing = new Emitter<never>();

/** Collects what the views of a window with one provider receive from now on. */
async function watched(entry: object = {}) {
  const window = await freshWindow();
  const providers = { acme: { kind: 'sandbox', ...entry } };
  const current = { ...settingsOf(providers), tenant: 'default' } as Partial<Settings>;
  const settings = { current, onDidChange: nothing.event } as Partial<EditorSettings>;
  const vault = { onDidChangeKeys: nothing.event, refusalOfEveryCall: () => Promise.resolve(undefined) };
  const overview = new Overview({
    ledger: Promise.resolve(window.store),
    ledgerOpened: Promise.resolve(window.store),
    settings: settings as EditorSettings,
    vault: vault as Partial<Vault> as Vault,
    clock: window.clock,
    log: {
      error: (message: string, error?: unknown) => {
        throw new Error(message, { cause: error });
      },
    } as Partial<Log> as Log,
  });
  await window.clock.advance(1_000);
  const received: Seen[] = [];
  overview.onDidChange((seen) => {
    received.push(seen);
  });
  return {
    window,
    received,
    circuitShown: () => received.map(({ status }) => status?.providers[0]?.circuit.kind),
  };
}

describe('Overview', () => {
  letGoAfterEach();

  it('reports a change of the circuit once', async () => {
    const { window, circuitShown } = await watched();
    const admission = await admitted(window, { circuit });
    await window.clock.advance(1_000);
    assert.deepEqual(circuitShown(), ['closed']);
    await window.ledger.settle(admission, failed());
    await window.clock.advance(60_000);
    assert.deepEqual(circuitShown(), ['closed', 'open']);
  });

  it('reports changes that come together once, with the final state', async () => {
    const { window, received, circuitShown } = await watched();
    const admissions = await Promise.all(Array.from({ length: 20 }, () => admitted(window, { circuit })));
    await Promise.all(admissions.map((admission) => window.ledger.settle(admission, failed())));
    await window.clock.advance(60_000);
    assert.deepEqual(circuitShown(), ['open']);
    assert.equal(received[0]?.status?.today.requests, 20);
  });

  it('reports nothing while nothing changes', async () => {
    const { window, received } = await watched();
    await window.clock.advance(600_000);
    assert.deepEqual(received, []);
  });

  it('reports a new day although nothing was written, even after the machine has slept', async () => {
    const { window, received } = await watched();
    await window.ledger.settle(await admitted(window), completed());
    await window.clock.advance(1_000);
    window.clock.sleepMachine(13 * 3_600_000);
    await window.clock.advance(10_000);
    assert.deepEqual(
      received.map(({ status }) => status?.today.requests),
      [1, 0],
    );
  });

  it('reports when a cap per minute has room again', async () => {
    const { window, received } = await watched({ limits: { requestsPerMinute: 5 } });
    await window.ledger.settle(await admitted(window), completed());
    await window.clock.advance(70_000);
    assert.deepEqual(
      received.map(({ status }) => status?.providers[0]?.caps[0]?.used),
      [1, 0],
    );
  });

  it('reports when a rate-limit pause ends', async () => {
    const { window, received } = await watched();
    await window.ledger.apply(await admitted(window), pauseFor(30_000));
    await window.clock.advance(40_000);
    assert.deepEqual(
      received.map(({ status }) => status?.providers[0]?.rateLimitPauses.size),
      [1, 0],
    );
  });
});
