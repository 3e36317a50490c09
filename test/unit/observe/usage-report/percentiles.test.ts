import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PercentileSets } from '../../../../src/observe/usage-report/percentiles.ts';

type Timed = readonly [set: number, timeMs: number];

function read(sets: PercentileSets, count: number, times: readonly Timed[]) {
  return sets.read(count, (visit) => {
    for (const [set, timeMs] of times) visit(set, timeMs);
  });
}

/** By nearest rank, in the simplest way. */
function expected(count: number, times: readonly Timed[]) {
  return Array.from({ length: count }, (_, set) => {
    const sorted = times
      .filter(([of]) => of === set)
      .map(([, timeMs]) => timeMs)
      .sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
    return { p50: at(0.5), p95: at(0.95) };
  });
}

const timed = fc.tuple(fc.nat(3), fc.nat(1_000_000));

describe('PercentileSets', () => {
  it('returns measured times, or null if there are none', () => {
    const times = Array.from({ length: 20 }, (_, n): Timed => [0, (20 - n) * 10]);
    assert.deepEqual(read(new PercentileSets(), 2, times), [
      { p50: 100, p95: 190 },
      { p50: null, p95: null },
    ]);
  });

  it('stays correct when the sets grow', () => {
    fc.assert(
      fc.property(fc.array(fc.array(timed, { maxLength: 30 }), { maxLength: 6 }), (steps) => {
        const sets = new PercentileSets();
        const all: Timed[] = [];
        for (const step of steps) {
          all.push(...step);
          assert.deepEqual(read(sets, 4, all), expected(4, all));
        }
      }),
    );
  });

  it('computes nothing again for a set that did not grow', () => {
    const sets = new PercentileSets();
    let passes = 0;
    const count = () =>
      sets.read(1, (visit) => {
        passes += 1;
        visit(0, 7);
      });
    count();
    assert.equal(passes, 2);
    count();
    assert.equal(passes, 3);
  });
});
