import assert from 'node:assert/strict';
import type { UsageRow } from '../../../src/ledger/readers.ts';
import { usageCsv } from '../../../src/observe/usage-csv.ts';
import { noTotals } from '../../support/no-totals.ts';

function row(changes: Partial<UsageRow> = {}): UsageRow {
  return {
    ...noTotals,
    day: '2026-01-15',
    tenant: 'default',
    provider: 'acme',
    model: 'small',
    requests: 3,
    succeeded: 2,
    failed: 1,
    inputTokens: 1_000_000,
    cachedInputTokens: 10,
    outputTokens: 20,
    costMicroUsd: 1_500_000,
    unknownCost: 1,
    estimated: 1,
    ...changes,
  };
}

/** The model's cell in a file with this row only. */
function modelCell(model: string): string | undefined {
  return /acme,(.*),3,2,1,/s.exec(usageCsv([row({ model })]))?.[1];
}

describe('usageCsv', () => {
  it('writes the names of the columns and one line per row', () => {
    assert.deepEqual(usageCsv([row(), row({ day: '2025-01', costMicroUsd: 0 })]).split('\r\n'), [
      'day,tenant,provider,model,requests,succeeded,failed,input_tokens,cached_input_tokens,output_tokens,' +
        'cost_usd,requests_without_price,requests_with_estimated_tokens',
      '2026-01-15,default,acme,small,3,2,1,1000000,10,20,1.5,1,1',
      '2025-01,default,acme,small,3,2,1,1000000,10,20,0,1,1',
      '',
    ]);
  });

  it('quotes characters that would end a cell', () => {
    assert.equal(modelCell('a,b'), '"a,b"');
    assert.equal(modelCell('a"b'), '"a""b"');
    assert.equal(modelCell('a\r\nb'), '"a\r\nb"');
  });

  for (const model of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', ' =1', '\u200B=1', '＝1+1']) {
    it(`does not let a spreadsheet calculate ${JSON.stringify(model)}`, () => {
      assert.equal(modelCell(model), `"'${model}"`);
    });
  }

  it('does not let a spreadsheet calculate what follows its own separator in a name', () => {
    assert.equal(modelCell('a;=1+1;b'), `"a;'=1+1;b"`);
    assert.equal(modelCell('a\t @SUM(A1)'), `"a\t' @SUM(A1)"`);
    assert.equal(modelCell('\t=1'), `"'\t'=1"`);
    assert.equal(modelCell('a,-1\n+1'), `"a,'-1\n'+1"`);
  });

  it('leaves other names unchanged', () => {
    assert.equal(modelCell('org/model-2:free@latest'), 'org/model-2:free@latest');
    assert.equal(modelCell('a;b'), 'a;b');
  });
});
