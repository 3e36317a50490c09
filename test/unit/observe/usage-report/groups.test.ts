import assert from 'node:assert/strict';
import { groupsOf } from '../../../../src/observe/usage-report/groups.ts';
import type { ModelSums, Sums } from '../../../../src/observe/usage-report/sums.ts';

function modelOf(provider: string, model: string, requests: number): ModelSums {
  return {
    provider,
    model,
    requests,
    succeeded: requests,
    failed: 0,
    inputTokens: requests * 10,
    cachedInputTokens: 0,
    outputTokens: 0,
    costMicroUsd: requests * 100,
    unknownCost: 0,
  };
}

/** Puts all requests of a model into the first of two buckets. */
function sumsOf(models: readonly ModelSums[]): Sums {
  return {
    models,
    byBucket: (of) => {
      const requests = models
        .filter(
          ({ provider, model }) => (of.provider ?? provider) === provider && (of.model ?? model) === model,
        )
        .reduce((sum, model) => sum + model.requests, 0);
      return [
        { requests, tokens: requests * 10, costMicroUsd: requests * 100 },
        { requests: 0, tokens: 0, costMicroUsd: 0 },
      ];
    },
  };
}

describe('groupsOf', () => {
  it('returns the providers, the one with the most requests first', () => {
    const groups = groupsOf(
      sumsOf([modelOf('acme', 'small', 2), modelOf('acme', 'large', 2), modelOf('zeta', 'small', 3)]),
      'provider',
    );
    assert.deepEqual(groups, [
      { name: 'acme', requests: [4, 0], tokens: [40, 0], costMicroUsd: [400, 0] },
      { name: 'zeta', requests: [3, 0], tokens: [30, 0], costMicroUsd: [300, 0] },
    ]);
  });

  it('returns the six largest models and the rest as one group, and loses nothing', () => {
    const models = Array.from({ length: 10 }, (_, n) => modelOf('acme', `model-${n}`, n + 1));
    const groups = groupsOf(sumsOf(models), 'model');
    assert.deepEqual(
      groups.map(({ name, requests }) => [name, requests[0]]),
      [
        ['acme/model-9', 10],
        ['acme/model-8', 9],
        ['acme/model-7', 8],
        ['acme/model-6', 7],
        ['acme/model-5', 6],
        ['acme/model-4', 5],
        [undefined, 10],
      ],
    );
  });

  it('keeps a hostile name unchanged', () => {
    const name = '<img src=x onerror=alert(1)>';
    assert.equal(groupsOf(sumsOf([modelOf(name, '[a](command:b)', 1)]), 'provider')[0]?.name, name);
    assert.equal(
      groupsOf(sumsOf([modelOf(name, '[a](command:b)', 1)]), 'model')[0]?.name,
      `${name}/[a](command:b)`,
    );
  });

  it('returns nothing if nothing was used', () => {
    assert.deepEqual(groupsOf(sumsOf([]), 'provider'), []);
  });
});
