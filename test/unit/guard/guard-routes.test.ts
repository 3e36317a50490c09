import assert from 'node:assert/strict';
import type { Target } from '../../../src/guard/call.ts';
import { defaultTimeouts } from '../../../src/guard/deadlines.ts';
import {
  answer,
  callOf,
  fail,
  guardWith,
  hear,
  silent,
  text as part,
  type Script,
} from '../../support/guard-fixture.ts';

const route: readonly [Target, Target] = [
  { provider: 'acme', model: 'small' },
  { provider: 'other', model: 'big' },
];
const onRoute = () => callOf({ targets: route, route: 'cheap' });
const broken = fail({ kind: 'http', status: 503, message: 'no' }, 503);

describe('createGuard: routes', () => {
  it('tries the next target when a cap has no room, reports which target answered and reserves nothing at the first', async () => {
    const caps = [{ kind: 'requestsPerDay', limit: 0, scope: { provider: 'acme' } }] as const;
    const { guard, ledger } = guardWith([answer('Hello')], ({ provider }) =>
      provider === 'acme' ? { caps } : {},
    );
    const { text, result } = await hear(guard.run(onRoute()));
    assert.deepEqual([text, result.kind, result.target], ['Hello', 'done', route[1]]);
    assert.deepEqual(
      ledger.records.map(({ provider, model, route: name }) => [provider, model, name]),
      [['other', 'big', 'cheap']],
    );
    assert.equal(ledger.open.size, 0);
  });

  it('tries the next target during a rate-limit pause', async () => {
    const { guard, ledger, clock } = guardWith([answer('Hello')]);
    ledger.rests.set('acme/small', clock.nowMs() + 60_000);
    assert.deepEqual((await hear(guard.run(onRoute()))).result.target, route[1]);
  });

  it('tries the next target when credit is used up', async () => {
    const { guard } = guardWith([fail({ kind: 'outOfCredit', status: 402, message: 'no' }), answer('Hello')]);
    const { text, result } = await hear(guard.run(onRoute()));
    assert.deepEqual([text, result.target], ['Hello', route[1]]);
  });

  it('tries no other target after the first content', async () => {
    const cut: Script = async function* ({ progress }) {
      await Promise.resolve();
      progress('connected');
      yield part('Hel');
      return { outcome: { kind: 'cut', problem: () => 'no end' }, status: 200 };
    };
    const { guard, sender } = guardWith([cut, answer('never')]);
    const { text, result } = await hear(guard.run(onRoute()));
    assert.deepEqual(
      [text, result.kind, result.target, sender.attempts.length],
      ['Hel', 'failed', route[0], 1],
    );
  });

  it('tries no other target after the user left', async () => {
    const abort = new AbortController();
    const { guard, sender, clock } = guardWith([silent]);
    const heard = hear(guard.run({ ...onRoute(), signal: abort.signal }));
    await clock.advance(1);
    abort.abort();
    assert.deepEqual([(await heard).result.kind, sender.attempts.length], ['aborted', 1]);
  });

  it('retries only the last target', async () => {
    const { guard, sender, clock } = guardWith([broken]);
    const heard = hear(guard.run(onRoute()));
    await clock.advance(60_000);
    assert.deepEqual([(await heard).result.kind, (await heard).result.attempts], ['failed', 4]);
    assert.deepEqual(
      sender.attempts.map(({ resolved }) => resolved.target.provider),
      ['acme', 'other', 'other', 'other'],
    );
  });

  it('has one deadline for all targets', async () => {
    const timeouts = { ...defaultTimeouts, callMs: 8_000, connectMs: 5_000 };
    const { guard, clock, sender } = guardWith([silent], { timeouts });
    const heard = hear(guard.run(onRoute()));
    await clock.advance(8_000);
    const { result } = await heard;
    assert.ok(result.kind === 'failed' && result.failure.kind === 'timeout');
    assert.deepEqual([result.failure.timer, sender.attempts.length], ['call', 2]);
  });
});

describe('createGuard: limit of output tokens', () => {
  const caps = [{ kind: 'tokensPerDay', limit: 100, scope: {} }] as const;

  for (const [strict, sent] of [
    // All that the cap leaves beside the 11 tokens of the prompt.
    [true, 89],
    [false, undefined],
  ] as const) {
    it(`${strict ? 'sends' : 'only reserves'} the limit when the caps are ${strict ? '' : 'not '}strict`, async () => {
      const { guard, sender } = guardWith([answer('Hello')], { caps, strict });
      await hear(guard.run(callOf()));
      const [prompt] = sender.attempts.map((attempt) => attempt.prompt);
      assert.equal(prompt && 'maxOutputTokens' in prompt ? prompt.maxOutputTokens : undefined, sent);
    });
  }
});

describe('createGuard: bugs', () => {
  it('settles the call once and throws', async () => {
    const { guard, ledger } = guardWith([
      // A sender that breaks its promise never to throw.
      async function* () {
        await Promise.resolve();
        yield* [];
        throw new Error('a bug');
      },
    ]);
    await assert.rejects(hear(guard.run(callOf())), /a bug/);
    assert.deepEqual([ledger.open.size, ledger.settlements.length, ledger.records.length], [0, 1, 1]);
  });
});
