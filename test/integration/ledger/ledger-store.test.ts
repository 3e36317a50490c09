import assert from 'node:assert/strict';
import path from 'node:path';
import { systemClock } from '../../../src/shared/clock.ts';
import { admitted, folder, freshWindow, letGoAfterEach, openWindow, type Window } from './ledger-fixture.ts';
import { completed, failed } from './ledger-requests.ts';

const rowsOf = ({ store }: Window) =>
  store.audit.after(0, 10).map(({ kind, body }) => [kind, JSON.parse(body) as unknown]);

describe('LedgerStore gateway', () => {
  letGoAfterEach();

  const serving = (port: number) => ({ kind: 'serving', port }) as const;

  it('is off until a user wants the gateway and starting until a window serves it', async () => {
    const { store } = await freshWindow();
    assert.deepEqual(store.gateway.state(), { kind: 'off' });
    await store.wantGateway(true);
    assert.deepEqual(store.gateway.state(), { kind: 'starting' });
    await store.reportGateway('one', serving(22_557));
    assert.deepEqual(store.gateway.state(), serving(22_557));
    await store.wantGateway(false);
    assert.deepEqual(store.gateway.state(), { kind: 'off' });
  });

  it('shows the latest report until the window that made it takes it back', async () => {
    const { store } = await freshWindow();
    await store.wantGateway(true);
    await store.reportGateway('one', serving(1_111));
    await store.reportGateway('two', serving(2_222));
    await store.reportGateway('one', undefined);
    assert.deepEqual(store.gateway.state(), serving(2_222));
    await store.reportGateway('two', undefined);
    assert.deepEqual(store.gateway.state(), { kind: 'starting' });
  });

  it('ignores a report that comes after the gateway was switched off', async () => {
    const { store } = await freshWindow();
    await store.reportGateway('late', serving(1_111));
    assert.deepEqual(store.gateway.state(), { kind: 'off' });
    await store.wantGateway(true);
    assert.deepEqual(store.gateway.state(), { kind: 'starting' });
  });

  it('shows why no window can serve the gateway', async () => {
    const { store } = await freshWindow();
    await store.wantGateway(true);
    const failing = { kind: 'failing', problem: 'Port 1 is in use.' } as const;
    await store.reportGateway('one', failing);
    assert.deepEqual(store.gateway.state(), failing);
  });

  it('shows the same state in every window and in the next session', async () => {
    const file = path.join(folder(), 'ledger.db');
    const first = await openWindow(file, systemClock);
    const second = await openWindow(file, systemClock);
    await first.store.wantGateway(true);
    assert.deepEqual(second.store.gateway.state(), { kind: 'starting' });
    first.dispose();
    second.dispose();
    const later = await openWindow(file, systemClock);
    assert.deepEqual(later.store.gateway.state(), { kind: 'starting' });
  });

  it('writes an audit row only if the user changes something', async () => {
    const window = await freshWindow();
    const { store } = window;
    await store.wantGateway(true);
    await store.wantGateway(true);
    await store.reportGateway('one', serving(1_111));
    await store.wantGateway(false);
    assert.deepEqual(rowsOf(window), [
      ['person', { act: 'startGateway' }],
      ['person', { act: 'stopGateway' }],
    ]);
  });
});

describe('LedgerStore.removeProvider', () => {
  letGoAfterEach();

  it('forgets the state of the provider, keeps its usage and counters, and writes one audit row', async () => {
    const window = await freshWindow();
    const { store, ledger } = window;
    await ledger.settle(await admitted(window), failed());
    const admission = await admitted(window);
    await ledger.settle(admission, completed());
    await ledger.apply(admission, { kind: 'rateLimitPause', forMs: 60_000 });
    await store.override('acme', 'pause');
    const counted = store.counters.all();
    await store.removeProvider('acme');
    const { paused, lastFailure, circuit } = store.providers.get('acme');
    assert.deepEqual(
      [paused, lastFailure, circuit],
      [false, undefined, { kind: 'closed', generation: 0, failures: 0 }],
    );
    assert.equal(store.providers.lastOkMs('acme'), undefined);
    assert.equal(store.providers.rateLimitPauses('acme', 0).size, 0);
    assert.equal(store.usage.totals('0000', '9999', { provider: 'acme' }).requests, 2);
    assert.deepEqual(store.counters.all(), counted);
    assert.deepEqual(rowsOf(window).at(-1), ['person', { act: 'removeProvider', provider: 'acme' }]);
  });

  it('changes nothing when the audit row cannot be written', async () => {
    const { store, db } = await freshWindow();
    await store.override('acme', 'pause');
    db.exec("CREATE TEMP TRIGGER no BEFORE INSERT ON audit_row BEGIN SELECT RAISE(ABORT, 'no'); END");
    await assert.rejects(store.removeProvider('acme'), { name: 'LedgerError', message: 'no' });
    assert.equal(store.providers.get('acme').paused, true);
  });
});
