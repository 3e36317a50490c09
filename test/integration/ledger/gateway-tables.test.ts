import assert from 'node:assert/strict';
import path from 'node:path';
import { wantGateway } from '../../../src/ledger/manual-overrides.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { folder, freshWindow, letGoAfterEach, openWindow, type Window } from './ledger-fixture.ts';

const report = (window: Window, owner: string, port: number) =>
  window.store.write(() => {
    window.store.gateway.report(owner, { kind: 'serving', port });
  });
const withdraw = (window: Window, owner: string) =>
  window.store.write(() => {
    window.store.gateway.withdraw(owner);
  });

describe('what the ledger knows of the gateway', () => {
  letGoAfterEach();

  it('is off until it is wanted, starting until a window serves, and off again', async () => {
    const window = await freshWindow();
    const { gateway } = window.store;
    assert.deepEqual(gateway.state(), { kind: 'off' });
    await wantGateway(window.store, true);
    assert.deepEqual(gateway.state(), { kind: 'starting' });
    await report(window, 'one', 22_557);
    assert.deepEqual(gateway.state(), { kind: 'serving', port: 22_557 });
    await wantGateway(window.store, false);
    assert.deepEqual(gateway.state(), { kind: 'off' });
  });

  it('is what the window says that spoke last, whoever withdraws after it', async () => {
    const window = await freshWindow();
    await wantGateway(window.store, true);
    await report(window, 'one', 1_111);
    await report(window, 'two', 2_222);
    await withdraw(window, 'one');
    assert.deepEqual(window.store.gateway.state(), { kind: 'serving', port: 2_222 });
    await withdraw(window, 'two');
    assert.deepEqual(window.store.gateway.state(), { kind: 'starting' });
  });

  it('takes no word of a window that comes too late, once it is off', async () => {
    const window = await freshWindow();
    await report(window, 'late', 1_111);
    assert.deepEqual(window.store.gateway.state(), { kind: 'off' });
    await wantGateway(window.store, true);
    assert.deepEqual(window.store.gateway.state(), { kind: 'starting' });
  });

  it('why nobody can serve it', async () => {
    const window = await freshWindow();
    await wantGateway(window.store, true);
    await window.store.write(() => {
      window.store.gateway.report('one', { kind: 'failing', problem: 'Port 1 is in use.' });
    });
    assert.deepEqual(window.store.gateway.state(), { kind: 'failing', problem: 'Port 1 is in use.' });
  });

  it('is the same in every window, and in the next session', async () => {
    const file = path.join(folder(), 'ledger.db');
    const first = await openWindow(file, systemClock);
    const second = await openWindow(file, systemClock);
    await wantGateway(first.store, true);
    assert.deepEqual(second.store.gateway.state(), { kind: 'starting' });
    first.store.dispose();
    second.store.dispose();
    const later = await openWindow(file, systemClock);
    assert.deepEqual(later.store.gateway.state(), { kind: 'starting' });
  });

  it('is audited where a person changes it, and only there', async () => {
    const window = await freshWindow();
    await wantGateway(window.store, true);
    await wantGateway(window.store, true);
    await report(window, 'one', 1_111);
    await wantGateway(window.store, false);
    assert.deepEqual(
      window.store.audit.after(0, 10).map(({ kind, body }) => [kind, JSON.parse(body) as unknown]),
      [
        ['person', { act: 'startGateway' }],
        ['person', { act: 'stopGateway' }],
      ],
    );
  });
});
