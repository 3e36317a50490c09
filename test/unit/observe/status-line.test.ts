import assert from 'node:assert/strict';
import type { UsageTotals } from '../../../src/ledger/readers.ts';
import { knownCost, parseStatusItems, shortCount } from '../../../src/observe/status-line.ts';
import { inEnglish } from '../../support/languages.ts';
import { noTotals } from '../../support/no-totals.ts';

function cost(changes: Partial<UsageTotals>): string | undefined {
  return knownCost({ ...noTotals, requests: 3, succeeded: 3, ...changes });
}

describe("the status bar's text", () => {
  it('shows health and requests unless the user chose otherwise', () => {
    assert.deepEqual(parseStatusItems(undefined), { items: ['health', 'requests'], problems: [] });
    assert.deepEqual(parseStatusItems([]).items, []);
  });

  it("keeps its order whatever the setting's order", () => {
    assert.deepEqual(parseStatusItems(['cost', 'health', 'cost']).items, ['health', 'cost']);
  });

  for (const setting of ['cost', ['money'], [1], null, {}]) {
    it(`ignores ${JSON.stringify(setting)} in the setting, and reports a problem`, () => {
      const { items, problems } = parseStatusItems(setting);
      assert.deepEqual(items, ['health', 'requests']);
      assert.match(inEnglish(problems).join(), /^callguard\.statusBar: /);
    });
  }

  it('shortens counts', () => {
    assert.deepEqual(
      [0, 9_999, 10_000, 12_345, 999_949, 999_950, 4_500_000].map((count) => shortCount(count)),
      ['0', '9,999', '10.0k', '12.3k', '999.9k', '1.0M', '4.5M'],
    );
  });

  it('never shows an unknown cost as zero', () => {
    assert.equal(cost({ unknownCost: 3 }), undefined);
    assert.equal(cost({ unknownCost: 1, costMicroUsd: 350_000 }), '> $0.35');
    assert.equal(cost({ costMicroUsd: 350_000 }), '$0.35');
    assert.equal(cost({ costMicroUsd: 20 }), '< $0.01');
    assert.equal(cost({ requests: 0 }), '$0.00');
  });
});
