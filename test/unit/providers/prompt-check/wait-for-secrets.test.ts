import assert from 'node:assert/strict';
import { waitForSecrets } from '../../../../src/providers/prompt-check/wait-for-secrets.ts';
import { ok } from '../../../../src/shared/result.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { callOf } from '../../../support/guard-fixture.ts';

describe('waitForSecrets', () => {
  let clock: FakeClock;
  let checked: number;
  let loads: number;
  let loaded: PromiseWithResolvers<{ kind: string } | undefined>;
  beforeEach(() => {
    clock = new FakeClock();
    checked = 0;
    loads = 0;
    loaded = Promise.withResolvers();
  });

  const create = () =>
    waitForSecrets(
      () => {
        loads += 1;
        return loaded.promise;
      },
      clock,
      (call) => {
        checked += 1;
        return Promise.resolve(ok(call.prompt));
      },
    );

  it('checks no prompt before the master keys are known, and loads them once', async () => {
    const check = create();
    const first = check(callOf());
    await clock.advance(100);
    assert.equal(checked, 0);
    loaded.resolve(undefined);
    await first;
    await check(callOf());
    assert.deepEqual([checked, loads, clock.pendingTimers], [2, 1, 0]);
  });

  it('loads them again if there were none', async () => {
    const check = create();
    loaded.resolve({ kind: 'ringFile' });
    await check(callOf());
    await check(callOf());
    assert.deepEqual([checked, loads], [2, 2]);
  });

  it('waits no longer than 5 s for a disk that does not answer', async () => {
    const check = create();
    const checking = check(callOf());
    await clock.advance(4_999);
    assert.equal(checked, 0);
    await clock.advance(1);
    await checking;
    assert.equal(checked, 1);
  });

  it('waits no longer than the call', async () => {
    const abort = new AbortController();
    const checking = create()(callOf({ signal: abort.signal }));
    await clock.advance(0);
    abort.abort();
    await checking;
    assert.deepEqual([checked, clock.pendingTimers], [1, 0]);
  });
});
