import assert from 'node:assert/strict';
import path from 'node:path';
import { actOnProvider, manualOverrides } from '../../../src/ledger/manual-overrides.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  admitted,
  folder,
  freshWindow,
  letGoAfterEach,
  noonMs,
  openWindow,
  refused,
} from './ledger-fixture.ts';
import { failed } from './ledger-requests.ts';

describe('what a person does to a provider', () => {
  letGoAfterEach();

  for (const act of manualOverrides) {
    it(`leaves one audit row for '${act}'`, async () => {
      const window = await freshWindow();
      await actOnProvider(window.store, 'acme', act);
      assert.deepEqual(
        window.store.audit.after(0, 10).map(({ kind, body }): unknown => [kind, JSON.parse(body)]),
        [['person', { act, provider: 'acme' }]],
      );
    });
  }

  it('holds in other windows, and after a restart', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, new FakeClock(noonMs));
    await actOnProvider(window.store, 'acme', 'trip');
    await actOnProvider(window.store, 'beta', 'pause');
    window.store.dispose();
    const later = await openWindow(file, new FakeClock(noonMs + 1e10));
    const tripped = await refused(later);
    assert.equal(tripped.kind === 'circuit' && tripped.state, 'tripped');
    assert.equal((await refused(later, { target: { provider: 'beta', model: 'x' } })).kind, 'paused');
    await actOnProvider(later.store, 'acme', 'reset');
    await actOnProvider(later.store, 'beta', 'resume');
    await admitted(later);
    await admitted(later, { target: { provider: 'beta', model: 'x' } });
  });

  it('resets also the rests of the provider and the mark of used-up credit', async () => {
    const window = await freshWindow();
    const admission = await admitted(window);
    await window.ledger.pauseForRateLimit(admission, 1e9);
    await window.ledger.settle(admission, {
      ...failed({ kind: 'outOfCredit', status: 402, message: 'pay' }),
      consequence: 'outOfCredit',
    });
    assert.equal((await refused(window)).kind, 'outOfCredit');
    await actOnProvider(window.store, 'acme', 'reset');
    await admitted(window);
  });

  it('does not end a pause by a reset', async () => {
    const window = await freshWindow();
    await actOnProvider(window.store, 'acme', 'pause');
    await actOnProvider(window.store, 'acme', 'reset');
    assert.equal((await refused(window)).kind, 'paused');
  });

  it('leaves nothing half done when it cannot be written', async () => {
    const window = await freshWindow();
    window.db.exec("CREATE TEMP TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
    await assert.rejects(actOnProvider(window.store, 'acme', 'trip'), { name: 'LedgerError', message: 'no' });
    assert.equal(window.store.providers.get('acme').circuit.kind, 'closed');
  });
});
