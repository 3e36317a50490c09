import assert from 'node:assert/strict';
import path from 'node:path';
import { manualOverrides } from '../../../src/ledger/manual-overrides.ts';
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
import { failed, pauseFor } from './ledger-requests.ts';

describe('LedgerStore.override', () => {
  letGoAfterEach();

  const storedWord = { forceOpen: 'trip', reset: 'reset', pause: 'pause', resume: 'resume' };
  for (const act of manualOverrides) {
    it(`writes one audit row for '${act}'`, async () => {
      const window = await freshWindow();
      await window.store.override('acme', act);
      assert.deepEqual(
        window.store.audit.after(0, 10).map(({ kind, body }): unknown => [kind, JSON.parse(body)]),
        [['person', { act: storedWord[act], provider: 'acme' }]],
      );
    });
  }

  it('stores a circuit that was forced open with the word that older versions read', async () => {
    const window = await freshWindow();
    await window.store.override('acme', 'forceOpen');
    const row = window.db.prepare("SELECT circuit FROM provider WHERE id = 'acme'").get();
    assert.equal(row?.['circuit'], '{"kind":"tripped","generation":1}');
    assert.deepEqual(window.store.providers.get('acme').circuit, { kind: 'forcedOpen', generation: 1 });
  });

  it('applies to other windows and after a restart', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, new FakeClock(noonMs));
    await window.store.override('acme', 'forceOpen');
    await window.store.override('beta', 'pause');
    window.dispose();
    const later = await openWindow(file, new FakeClock(noonMs + 1e10));
    const forced = await refused(later);
    assert.equal(forced.kind === 'circuit' && forced.state, 'forcedOpen');
    assert.equal((await refused(later, { target: { provider: 'beta', model: 'x' } })).kind, 'paused');
    await later.store.override('acme', 'reset');
    await later.store.override('beta', 'resume');
    await admitted(later);
    await admitted(later, { target: { provider: 'beta', model: 'x' } });
  });

  it('clears rate-limit pauses and used-up credit when the circuit is reset', async () => {
    const window = await freshWindow();
    const admission = await admitted(window);
    await window.ledger.apply(admission, pauseFor(1e9));
    await window.ledger.settle(admission, {
      ...failed({ kind: 'outOfCredit', status: 402, message: 'pay' }),
      consequence: { kind: 'outOfCredit' },
    });
    assert.equal((await refused(window)).kind, 'outOfCredit');
    await window.store.override('acme', 'reset');
    await admitted(window);
  });

  it('keeps a provider paused when its circuit is reset', async () => {
    const window = await freshWindow();
    await window.store.override('acme', 'pause');
    await window.store.override('acme', 'reset');
    assert.equal((await refused(window)).kind, 'paused');
  });

  it('changes nothing when the audit row cannot be written', async () => {
    const window = await freshWindow();
    window.db.exec("CREATE TEMP TRIGGER no BEFORE INSERT ON audit_row BEGIN SELECT RAISE(ABORT, 'no'); END");
    await assert.rejects(window.store.override('acme', 'forceOpen'), {
      name: 'LedgerError',
      message: 'no',
    });
    assert.equal(window.store.providers.get('acme').circuit.kind, 'closed');
  });
});
