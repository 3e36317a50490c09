import assert from 'node:assert/strict';
import path from 'node:path';
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
import { capOf, completed } from './ledger-requests.ts';

const today = '2026-01-15';
const one = { token: 'one', caller: 'claude-code' };
const capOfToken = (kind: 'requestsPerDay' | 'tokensPerDay' | 'usdPerDay', limit: number, id = 'one') =>
  capOf(kind, limit, { token: { id, name: 'One' } });

describe('SqliteLedger usage by token and by caller', () => {
  letGoAfterEach();

  it('counts the calls of a token, open and settled, against its caps', async () => {
    const window = await freshWindow();
    const caps = [capOfToken('requestsPerDay', 2)];
    await admitted(window, { ...one, caps });
    await window.ledger.settle(await admitted(window, { ...one, caps }), completed());
    assert.equal((await refused(window, { ...one, caps })).kind, 'cap');
    await admitted(window, { token: 'two', caps: [capOfToken('requestsPerDay', 1, 'two')] });
  });

  it('counts tokens and dollars of a token', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window, one), completed());
    const useOf = window.store.capUse(window.store.now());
    assert.equal(useOf(capOfToken('tokensPerDay', 1)).used, 110);
    assert.equal(useOf(capOfToken('usdPerDay', 1)).used, 140);
    assert.equal(useOf(capOfToken('usdPerDay', 1, 'two')).used, 0);
  });

  it('keeps the figures while settled calls are added to the sums', async () => {
    const window = await freshWindow();
    for (let calls = 0; calls < 70; calls++)
      await window.ledger.settle(await admitted(window, one), completed());
    await admitted(window, one);
    for (const part of ['token', 'caller'] as const) {
      assert.deepEqual(window.store.parts.byName(part, today), [
        {
          name: part === 'token' ? 'one' : 'claude-code',
          requests: 70,
          inputTokens: 70 * 80,
          outputTokens: 70 * 30,
          costMicroUsd: 70 * 140,
          unknownCost: 0,
        },
      ]);
    }
    assert.equal(window.store.capUse(window.store.now())(capOfToken('requestsPerDay', 1)).held, 1);
  });

  it('charges the input of a call whose window died, and the real figures if it comes back', async () => {
    const file = path.join(folder(), 'ledger.db');
    const dead = await openWindow(file, new FakeClock(noonMs));
    const living = await openWindow(file, new FakeClock(noonMs + 600_000));
    const admission = await admitted(dead, one);
    await admitted(living);
    const used = () =>
      living.store.parts.byName('token', today).map((use) => [use.requests, use.inputTokens]);
    assert.deepEqual(used(), [[1, 100]]);
    await dead.ledger.settle(admission, completed());
    assert.deepEqual(used(), [[1, 80]]);
  });
});
