import assert from 'node:assert/strict';
import { ReportedStates } from '../../../src/shared/reported-states.ts';

describe('ReportedStates', () => {
  it('calls a state news once, until it is over or another one takes its place', () => {
    const trouble = new ReportedStates();
    const isNews = (what: string) => trouble.update([what]).length > 0;
    assert.deepEqual(['locked', 'locked', 'full', 'locked', 'locked'].map(isNews), [
      true,
      false,
      true,
      true,
      false,
    ]);
    trouble.update([]);
    assert.equal(isNews('locked'), true);
  });

  it('calls each of several states news once', () => {
    const states = new ReportedStates();
    assert.deepEqual(states.update(['a', 'b', 'b']), ['a', 'b']);
    assert.deepEqual(states.update(['b', 'c']), ['c']);
    assert.deepEqual(states.update(['a', 'c']), ['a']);
  });

  it('keeps states apart where one ends without the others', () => {
    const states = new ReportedStates();
    assert.deepEqual([states.isNews('a'), states.isNews('b'), states.isNews('a')], [true, true, false]);
    states.over('a');
    assert.deepEqual([states.isNews('a'), states.isNews('b')], [true, false]);
  });
});
