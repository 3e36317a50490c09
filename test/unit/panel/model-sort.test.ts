import assert from 'node:assert/strict';
import { nextSort, sortColumns, sortModels, type ModelRow } from '../../../src/panel/page/model-sort.ts';

const names = new Intl.Collator('en', { numeric: true });

function row(model: string, changes: Partial<ModelRow> = {}): ModelRow {
  return {
    provider: 'acme',
    model,
    requests: 10,
    succeeded: 9,
    failed: 1,
    inputTokens: 100,
    cachedInputTokens: 0,
    outputTokens: 50,
    costMicroUsd: 7,
    unknownCost: 0,
    durationP50Ms: 5,
    durationP95Ms: 9,
    ...changes,
  };
}

const sorted = (rows: ModelRow[], column: (typeof sortColumns)[number], descending: boolean) =>
  sortModels(rows, { column, descending }, names).map(({ model }) => model);

describe("the order of the usage panel's models", () => {
  it('sorts by name within a provider, and numbers in names as numbers', () => {
    const rows = [row('gpt-10'), row('gpt-9'), row('x', { provider: 'aaa' })];
    assert.deepEqual(sorted(rows, 'model', false), ['x', 'gpt-9', 'gpt-10']);
    assert.deepEqual(sorted(rows, 'model', true), ['gpt-10', 'gpt-9', 'x']);
  });

  it('puts unknown values last in both directions, and equal rows in the order of their names', () => {
    const known = { requests: 4, unknownCost: 1 };
    const rows = [
      row('b'),
      row('unknown', { unknownCost: 10 }),
      row('a'),
      row('dear', { ...known, costMicroUsd: 99 }),
    ];
    assert.deepEqual(sorted(rows, 'cost', true), ['dear', 'a', 'b', 'unknown']);
    assert.deepEqual(sorted(rows, 'cost', false), ['a', 'b', 'dear', 'unknown']);
    const unmeasured = [row('c', { durationP95Ms: null }), row('slow', { durationP95Ms: 10 }), row('b')];
    assert.deepEqual(sorted(unmeasured, 'durationP95', false), ['b', 'slow', 'c']);
  });

  it('ignores cancelled calls in the success rate, as the tiles do', () => {
    const rows = [
      row('half', { succeeded: 5, failed: 5 }),
      row('cancelled', { succeeded: 0, failed: 0 }),
      row('most'),
      row('all', { succeeded: 3, failed: 0 }),
    ];
    assert.deepEqual(sorted(rows, 'success', true), ['all', 'most', 'half', 'cancelled']);
  });

  it('reverses at the second click, and starts with the most useful direction', () => {
    const byRequests = nextSort({ column: 'model', descending: true }, 'requests');
    assert.deepEqual(byRequests, { column: 'requests', descending: true });
    assert.deepEqual(nextSort(byRequests, 'requests'), { column: 'requests', descending: false });
    assert.deepEqual(nextSort(byRequests, 'model'), { column: 'model', descending: false });
  });

  it('can sort by every column', () => {
    for (const column of sortColumns) assert.equal(sorted([row('a'), row('b')], column, true).length, 2);
  });
});
