import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describeLimit, formatAmount } from '../../src/guard/refusal.ts';
import { knownCost, shortCount } from '../../src/observe/status-line.ts';
import { createNumbers } from '../../src/panel/page/numbers.ts';
import { english, languagesOf, type L10n } from '../../src/shared/l10n.ts';
import { noTotals } from '../support/no-totals.ts';

const german: L10n = { ...english, language: 'de' };
const root = path.join(import.meta.dirname, '../../src');

/** `Intl` and the methods on top of it, without a language or with the system's. */
const systemLanguage =
  /toLocale\w+\(\s*(?:\)|undefined|\[\])|new Intl\.(?:NumberFormat|Collator|PluralRules)\(\s*(?:\)|undefined)|localeCompare\([^(),]*(?:\)|,\s*undefined)/;

describe('numbers and dates', () => {
  it('are in the language of VS Code', () => {
    assert.deepEqual(
      [
        shortCount(9_999, german),
        shortCount(12_345, german),
        formatAmount('tokensPerDay', 1_200_000, german),
        describeLimit({ kind: 'usdPerDay', limit: 1_234_500_000, scope: {} }, german),
        knownCost({ ...noTotals, requests: 2, costMicroUsd: 350_000, unknownCost: 1 }, german),
        createNumbers('de').count(1_234),
      ],
      ['9.999', '12,3k', '1.200.000', '1.234,50\u00a0$ a day', '> 0,35\u00a0$', '1.234'],
    );
  });

  it('are English in logs and for programs', () => {
    assert.equal(formatAmount('usdPerMonth', 1_234_500_000), '$1,234.50');
    assert.equal(shortCount(9_999), '9,999');
  });

  it('are English, not in the language of the system, for a language that is unknown or malformed', () => {
    assert.deepEqual(languagesOf({ language: 'zh-cn' }), ['zh-CN', 'en-US']);
    for (const language of ['qps-ploc', 'not a language', '', undefined]) {
      assert.equal(formatAmount('tokensPerDay', 1_200, { ...english, language } as L10n), '1,200');
      assert.equal(createNumbers(language ?? 'en').count(1_200), '1,200');
    }
  });

  it('are nowhere in the language of the system', () => {
    const files = ['editor', 'panel', 'observe', 'guard', 'gateway']
      .flatMap((room) =>
        readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' }).map((name) =>
          path.join(room, name),
        ),
      )
      .filter((name) => name.endsWith('.ts'));
    assert.ok(files.length > 100);
    assert.deepEqual(
      files.filter((name) => systemLanguage.test(readFileSync(path.join(root, name), 'utf8'))),
      [],
    );
  });
});
