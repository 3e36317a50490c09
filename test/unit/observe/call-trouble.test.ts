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

describe('the trouble that a call met with', () => {
  const rows: [what: string, result: CallResult, kind: Trouble['kind'] | undefined][] = [
    ['a 401', failed({ kind: 'http', status: 401, message }), 'key'],
    ['a 403', failed({ kind: 'http', status: 403, message }), 'key'],
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
    ['a circuit opened by hand', refused({ kind: 'circuit', provider, state: 'forcedOpen' }), undefined],
    ['a probe under way', refused({ kind: 'circuit', provider, state: 'halfOpen' }), undefined],
    ['a pause', refused({ kind: 'paused', provider }), undefined],
    ['one failure', failed({ kind: 'http', status: 500, message }), undefined],
    ['an abort', { ...common, kind: 'aborted' }, undefined],
  ];
  for (const [what, result, kind] of rows) {
    it(`by ${what} is ${kind === undefined ? 'nobody’s but its own' : `'${kind}'`}`, () => {
      assert.deepEqual(troubleOf(result), kind === undefined ? undefined : { kind, provider });
    });
  }
});

describe('a trouble', () => {
  const kinds = ['key', 'outOfCredit', 'circuit', 'offline'] as const;
  for (const kind of kinds) {
    it(`of kind '${kind}' is told once, however many calls meet with it`, async () => {
      const clock = new FakeClock();
      const told = new ReportedTroubles(clock);
      const news: boolean[] = [];
      for (let n = 0; n < 20; n++) {
        news.push(told.isNews({ kind, provider }));
        await clock.advance(300_000);
      }
      assert.deepEqual(
        news.filter((isNew) => isNew),
        [true],
      );
    });
  }

  it('is told for each provider, but the lack of a network for all of them together', () => {
    const told = new ReportedTroubles(new FakeClock());
    const both = (kind: Trouble['kind']) =>
      ['acme', 'beta'].map((provider) => told.isNews({ kind, provider }));
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

  it('of a circuit that flaps is told once, and again only after ten minutes of peace', async () => {
    const clock = new FakeClock();
    const told = new ReportedTroubles(clock);
    const circuit = { kind: 'circuit', provider } as const;
    assert.equal(told.isNews(circuit), true);
    for (let n = 0; n < 5; n++) {
      told.answered(provider);
      await clock.advance(60_000);
      assert.equal(told.isNews(circuit), false);
    }
    await clock.advance(600_001);
    assert.equal(told.isNews(circuit), true);
  });

  it('about credit is told again once the provider had answered, or has another key', () => {
    const told = new ReportedTroubles(new FakeClock());
    const credit = { kind: 'outOfCredit', provider } as const;
    for (const ends of ['answered', 'keyChanged'] as const) {
      assert.deepEqual([told.isNews(credit), told.isNews(credit)], [true, false]);
      told[ends](provider);
    }
    assert.equal(told.isNews(credit), true);
  });

  it('about a key is told again once there is another one, not once a call was answered', () => {
    const told = new ReportedTroubles(new FakeClock());
    const key = { kind: 'key', provider } as const;
    assert.equal(told.isNews(key), true);
    told.answered(provider);
    assert.equal(told.isNews(key), false);
    told.keyChanged(provider);
    assert.equal(told.isNews(key), true);
  });
});
