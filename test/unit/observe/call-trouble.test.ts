import assert from 'node:assert/strict';
import type { CallResult } from '../../../src/guard/call-state.ts';
import type { Failure } from '../../../src/guard/outcome.ts';
import type { Refusal } from '../../../src/guard/refusal.ts';
import { ReportedTroubles, troubleOf, type Trouble } from '../../../src/observe/call-trouble.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const common = { target: { provider: 'acme', model: 'small' }, attempts: 1 };
const failed = (failure: Failure): CallResult => ({
  ...common,
  ...{ kind: 'failed', failure, afterContent: false, timings: {} },
});
const refused = (refusal: Refusal): CallResult => ({ ...common, kind: 'refused', refusal });
const provider = 'acme';
const message = 'no';

describe('troubleOf', () => {
  const rows: [what: string, result: CallResult, kind: Trouble['kind'] | undefined][] = [
    ['a 401', failed({ kind: 'http', status: 401, message }), 'key'],
    [
      'a 403 that speaks of the key',
      failed({ kind: 'http', status: 403, message, keyRejected: true }),
      'key',
    ],
    ['another 403', failed({ kind: 'http', status: 403, message }), undefined],
    ['a key that cannot be opened', refused({ kind: 'vault', provider, problem: () => 'lost' }), 'key'],
    [
      'a key of another address',
      refused({ kind: 'origin', provider, approved: 'https://a', asked: 'https://b' }),
      'key',
    ],
    ['credit that is used up', failed({ kind: 'outOfCredit', status: 402, message }), 'outOfCredit'],
    ['a provider known to be out of credit', refused({ kind: 'outOfCredit', provider }), 'outOfCredit'],
    ['a circuit that failures opened', refused({ kind: 'circuit', provider, state: 'open' }), 'circuit'],
    ['a machine without a network', failed({ kind: 'offline', problem: () => 'no network' }), 'offline'],
    [
      'a circuit that the user forced open',
      refused({ kind: 'circuit', provider, state: 'forcedOpen' }),
      undefined,
    ],
    ['a probe under way', refused({ kind: 'circuit', provider, state: 'halfOpen' }), undefined],
    ['a pause', refused({ kind: 'paused', provider }), undefined],
    ['one failure', failed({ kind: 'http', status: 500, message }), undefined],
    ['an abort', { ...common, kind: 'aborted' }, undefined],
  ];
  for (const [what, result, kind] of rows) {
    it(`finds ${kind === undefined ? 'no trouble' : `the trouble '${kind}'`} for ${what}`, () => {
      assert.deepEqual(troubleOf(result), kind === undefined ? undefined : { kind, provider });
    });
  }
});

describe('ReportedTroubles', () => {
  const kinds = ['key', 'outOfCredit', 'circuit', 'offline'] as const;
  for (const kind of kinds) {
    it(`reports a trouble of kind '${kind}' once, however many calls meet it`, async () => {
      const clock = new FakeClock();
      const reported = new ReportedTroubles(clock);
      const news: boolean[] = [];
      for (let n = 0; n < 20; n++) {
        news.push(reported.isNews({ kind, provider }));
        await clock.advance(300_000);
      }
      assert.deepEqual(
        news.filter((isNew) => isNew),
        [true],
      );
    });
  }

  it('reports a trouble per provider, but a missing network once for all', () => {
    const reported = new ReportedTroubles(new FakeClock());
    const both = (kind: Trouble['kind']) =>
      ['acme', 'beta'].map((provider) => reported.isNews({ kind, provider }));
    assert.deepEqual(
      kinds.map((kind) => both(kind)),
      [
        [true, true],
        [true, true],
        [true, true],
        [true, false],
      ],
    );
  });

  it('reports a flapping circuit once, and again only after ten minutes of quiet', async () => {
    const clock = new FakeClock();
    const reported = new ReportedTroubles(clock);
    const circuit = { kind: 'circuit', provider } as const;
    assert.equal(reported.isNews(circuit), true);
    for (let n = 0; n < 5; n++) {
      reported.answered(provider);
      await clock.advance(60_000);
      assert.equal(reported.isNews(circuit), false);
    }
    await clock.advance(600_001);
    assert.equal(reported.isNews(circuit), true);
  });

  it('reports used-up credit again after the provider has answered or its key has changed', () => {
    const reported = new ReportedTroubles(new FakeClock());
    const credit = { kind: 'outOfCredit', provider } as const;
    for (const ends of ['answered', 'keyChanged'] as const) {
      assert.deepEqual([reported.isNews(credit), reported.isNews(credit)], [true, false]);
      reported[ends](provider);
    }
    assert.equal(reported.isNews(credit), true);
  });

  it('reports a key again after it has changed, not after a call was answered', () => {
    const reported = new ReportedTroubles(new FakeClock());
    const key = { kind: 'key', provider } as const;
    assert.equal(reported.isNews(key), true);
    reported.answered(provider);
    assert.equal(reported.isNews(key), false);
    reported.keyChanged(provider);
    assert.equal(reported.isNews(key), true);
  });
});
