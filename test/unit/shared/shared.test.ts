import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { sleep, systemClock } from '../../../src/shared/clock.ts';
import { DisposableStore, toDisposable } from '../../../src/shared/disposable.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('Secret', () => {
  const secret = new Secret('sk-very-secret');

  it('does not print: not in a template, not in JSON, not in the console', () => {
    const printed = [String(secret), JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })];
    for (const text of printed) {
      assert.ok(!text.includes('sk-very'), text);
      assert.ok(text.includes('[secret]'), text);
    }
  });

  it('returns its text when it is revealed', () => {
    assert.equal(secret.reveal(), 'sk-very-secret');
  });
});

describe('DisposableStore', () => {
  it('disposes everything it owns once, the latest first', () => {
    const gone: number[] = [];
    const store = new DisposableStore();
    for (const n of [1, 2, 3]) store.add(toDisposable(() => gone.push(n)));
    store.dispose();
    store.dispose();
    assert.deepEqual(gone, [3, 2, 1]);
  });

  it('disposes at once what is added too late', () => {
    let gone = 0;
    const store = new DisposableStore();
    store.dispose();
    const late = store.add(toDisposable(() => (gone += 1)));
    late.dispose();
    assert.equal(gone, 1);
  });
});

describe('Emitter', () => {
  it('calls its listeners in order, once per subscription', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    const listener = (value: string) => heard.push(value);
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire('a');
    first.dispose();
    emitter.fire('b');
    assert.deepEqual(heard, ['a', 'a', 'b']);
  });

  it('still calls the others if one unsubscribes during the event', () => {
    const heard: number[] = [];
    const emitter = new Emitter<undefined>();
    const first = emitter.event(() => {
      heard.push(1);
      first.dispose();
    });
    emitter.event(() => heard.push(2));
    emitter.fire(undefined);
    emitter.fire(undefined);
    assert.deepEqual(heard, [1, 2, 2]);
  });
});

describe('Emitter, with a listener that throws', () => {
  it('calls the others and then throws the error', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    emitter.event(() => {
      throw new Error('a bug');
    });
    emitter.event((value) => heard.push(value));
    assert.throws(() => {
      emitter.fire('a');
    }, /a bug/);
    assert.deepEqual(heard, ['a']);
  });
});

describe('sleep', () => {
  it('ends after its delay', async () => {
    const clock = new FakeClock();
    let awake = false;
    void sleep(clock, 1_000).then(() => (awake = true));
    await clock.advance(999);
    assert.equal(awake, false);
    await clock.advance(1);
    assert.equal(awake, true);
  });

  it('ends at once when its signal aborts, and leaves neither a timer nor an error', async () => {
    const clock = new FakeClock();
    const leave = new AbortController();
    const asleep = sleep(clock, 1_000, leave.signal);
    leave.abort();
    await asleep;
    await sleep(clock, 1_000, leave.signal);
    assert.equal(clock.pendingTimers, 0);
  });
});

describe('systemClock', () => {
  it('does not fire at once for a delay that is too long for a timer', async () => {
    let fired = false;
    const timer = systemClock.after(2 ** 40, () => {
      fired = true;
    });
    await sleep(systemClock, 5);
    timer.dispose();
    assert.equal(fired, false);
  });
});
