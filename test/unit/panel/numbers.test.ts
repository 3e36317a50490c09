import assert from 'node:assert/strict';
import { createNumbers } from '../../../src/panel/page/numbers.ts';

describe("the usage panel's numbers", () => {
  const { cost, costMark, duration, short, percent, bucket, bucketMark } = createNumbers('en');

  it('never show a cost above zero as zero', () => {
    assert.deepEqual([0, 1, 99, 100, 4_200, 1_000_000, 12_345_678].map(cost), [
      '$0.00',
      '< $0.0001',
      '< $0.0001',
      '$0.0001',
      '$0.0042',
      '$1.00',
      '$12.35',
    ]);
    assert.deepEqual([0, 500, 200_000, 2_000_000, 20_000_000_000].map(costMark), [
      '$0',
      '$0.0005',
      '$0.2',
      '$2',
      '$20K',
    ]);
  });

  it('are short', () => {
    assert.deepEqual([999.4, 1_250, 119_000, 300_000].map(duration), ['999ms', '1.3s', '119s', '5m']);
    assert.deepEqual([9_999, 10_000, 1_234_567].map(short), ['9,999', '10K', '1.2M']);
    assert.equal(percent(98.44), '98.4%');
  });

  it('name a bucket as the ledger does, whatever the zone of this machine', () => {
    assert.deepEqual([bucketMark('2026-11-03'), bucket('2026-11-03')], ['Nov 3', 'Tue, Nov 3']);
    assert.deepEqual(
      [bucketMark('2026-11-03T14:00'), bucket('2026-11-03T14:00')].map((text) =>
        text.replaceAll('\u202F', ' '),
      ),
      ['2:00 PM', 'Tue 2:00 PM'],
    );
    assert.equal(bucket('some day'), 'some day');
  });

  it('follow other languages', () => {
    const german = createNumbers('de');
    assert.deepEqual([german.cost(1_500_000), german.bucketMark('2026-11-03')], ['1,50\u00A0$', '3. Nov.']);
    assert.equal(german.bucketMark('2026-11-03T14:00'), '14:00');
  });
});
