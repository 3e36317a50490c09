import assert from 'node:assert/strict';
import { LedgerTime } from '../../../../src/ledger/db/ledger-time.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const startMs = Date.UTC(2026, 0, 15, 12);
const unseen = { ms: 0, returns: 0 };

describe('LedgerTime', () => {
  it('follows the wall clock to a millisecond', () => {
    assert.equal(new LedgerTime(new FakeClock(startMs + 0.75)).nowMs(unseen), startMs);
  });

  it('is never earlier than what another window has seen', () => {
    assert.equal(
      new LedgerTime(new FakeClock(startMs)).nowMs({ ms: startMs + 5_000, returns: 0 }),
      startMs + 5_000,
    );
  });

  it('goes on at the pace of the monotonic clock when the clock is set back', async () => {
    const clock = new FakeClock(startMs);
    const time = new LedgerTime(clock);
    time.nowMs(unseen);
    clock.setWall(startMs - 86_400_000);
    await clock.advance(1_500);
    assert.equal(time.nowMs(unseen), startMs + 1_500);
  });

  it('does not stand still when it is read more than once per millisecond', async () => {
    const clock = new FakeClock(startMs);
    const time = new LedgerTime(clock);
    time.nowMs(unseen);
    clock.setWall(0);
    for (let n = 0; n < 40; n++) {
      await clock.advance(0.25);
      time.nowMs(unseen);
    }
    assert.equal(time.nowMs(unseen), startMs + 10);
  });

  it('goes back once, when the ledger has followed a clock that came back', async () => {
    const clock = new FakeClock(startMs + 86_400_000);
    const time = new LedgerTime(clock);
    time.nowMs(unseen);
    clock.setWall(startMs);
    assert.equal(time.nowMs({ ms: 0, returns: 1 }), startMs);
    clock.setWall(startMs - 1_000);
    await clock.advance(500);
    assert.equal(time.nowMs({ ms: 0, returns: 1 }), startMs + 500);
  });

  it('follows the wall clock after a sleep, in which the monotonic clock stood still', () => {
    const clock = new FakeClock(startMs);
    const time = new LedgerTime(clock);
    time.nowMs(unseen);
    clock.sleepMachine(3_600_000);
    assert.equal(time.nowMs(unseen), startMs + 3_600_000);
  });
});
