import assert from 'node:assert/strict';
import { defaultTimeouts } from '../../../src/guard/deadlines.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { err, ok } from '../../../src/shared/result.ts';
import {
  answer,
  callOf,
  complete,
  fail,
  guardWith,
  hear,
  lifecycle,
  silent,
  text,
  usage,
  type Script,
} from '../../support/guard-fixture.ts';

const http = (status: number, retryAfterMs?: number): Script =>
  fail(
    { kind: 'http', status, message: 'no', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    status,
  );

describe('createGuard', () => {
  it('streams an answer, settles it with the reported usage and writes one record', async () => {
    const { guard, ledger } = guardWith([answer('Hel', 'lo')]);
    const heard = await hear(guard.run(callOf()));
    assert.equal(heard.text, 'Hello');
    assert.equal(heard.result.kind, 'done');
    assert.equal(ledger.open.size, 0);
    assert.deepEqual(
      ledger.settlements.map(({ usage: { inputTokens, outputTokens, requests, estimated } }) => [
        requests,
        inputTokens,
        outputTokens,
        estimated,
      ]),
      [[1, usage.inputTokens, usage.outputTokens, false]],
    );
    assert.deepEqual(
      ledger.records.map(({ outcome, attempts, provider, model }) => [outcome, attempts, provider, model]),
      [['done', 1, 'acme', 'small']],
    );
  });

  it("records why the model stopped, the provider's request ID and where the cost comes from", async () => {
    const price = { inputUsdPerMillion: 1, cachedInputUsdPerMillion: 1, outputUsdPerMillion: 1 };
    for (const [priceSource, costMicroUsd, source] of [
      ['priceList', undefined, 'priceList'],
      ['settings', undefined, 'settings'],
      ['free', undefined, 'free'],
      ['priceList', 12, 'provider'],
    ] as const) {
      const reported = costMicroUsd === undefined ? usage : { ...usage, costMicroUsd };
      const finishes = async function* () {
        await Promise.resolve();
        yield text('Hello');
        return { ...complete, usage: reported, requestId: 'req_1', finish: 'length' as const };
      };
      const { guard, ledger } = guardWith([finishes], { price, priceSource });
      const { result } = await hear(guard.run(callOf()));
      const [record] = ledger.records;
      assert.deepEqual([record?.finish, record?.requestId, record?.costSource], ['length', 'req_1', source]);
      assert.ok(result.kind === 'done');
      assert.deepEqual([result.requestId, result.costSource], ['req_1', source]);
    }
  });

  it('records an unknown cost as unknown, and no source for a call that was never sent', async () => {
    const unknown = guardWith([answer('x')]);
    await hear(unknown.guard.run(callOf()));
    assert.equal(unknown.ledger.records[0]?.costSource, 'unknown');
    const deny = { policy: { allow: [], deny: ['*'], default: 'allow' as const } };
    const refused = guardWith([answer('x')], deny);
    await hear(refused.guard.run(callOf()));
    assert.equal(refused.ledger.records[0]?.costSource, undefined);
  });

  it("records the provider's code of an error, else its type, and never its message", async () => {
    const error = { kind: 'http', status: 400, message: 'the words of the prompt', type: 'invalid' } as const;
    for (const [outcome, code] of [
      [{ ...error, code: 'too_long' }, 'too_long'],
      [error, 'invalid'],
    ] as const) {
      const { guard, ledger } = guardWith([fail(outcome, 400)]);
      await hear(guard.run(callOf()));
      assert.equal(ledger.records[0]?.code, code);
      assert.doesNotMatch(JSON.stringify(ledger.records), /words of the prompt/);
    }
  });

  describe('order', () => {
    it('checks the policy of every target before it sends to the first', async () => {
      const { guard, sender, ledger } = guardWith([answer('x')], ({ provider }) =>
        provider === 'beta' ? { policy: { allow: [], deny: ['*'], default: 'allow' } } : {},
      );
      const targets = [
        { provider: 'acme', model: 'small' },
        { provider: 'beta', model: 'big' },
      ] as const;
      const { result } = await hear(guard.run(callOf({ targets })));
      assert.equal(result.kind === 'refused' && result.refusal.kind, 'policy');
      assert.equal(sender.attempts.length, 0);
      assert.deepEqual(
        ledger.records.map(({ provider, outcome, reason, usage: used }) => [
          provider,
          outcome,
          reason,
          used.requests,
        ]),
        [['beta', 'refused', 'policy', 0]],
      );
    });

    it('refuses by the outgoing-prompt check before anything is reserved', async () => {
      const { guard, ledger } = guardWith(
        [answer('x')],
        {},
        {
          checkPrompt: () => Promise.resolve(err({ kind: 'promptSecret', what: () => 'an OpenAI key' })),
        },
      );
      const { result } = await hear(guard.run(callOf()));
      assert.equal(result.kind === 'refused' && result.refusal.kind, 'promptSecret');
      assert.equal(ledger.settlements.length, 0);
    });

    it('releases hold and probe and sends nothing when the vault refuses', async () => {
      const { guard, ledger, sender } = guardWith(
        [answer('x')],
        {},
        {
          openKey: () => Promise.resolve(err({ kind: 'vault', provider: 'acme', problem: () => 'no key' })),
        },
      );
      const { result } = await hear(guard.run(callOf()));
      assert.equal(result.kind === 'refused' && result.refusal.kind, 'vault');
      assert.equal(sender.attempts.length, 0);
      assert.equal(ledger.open.size, 0);
      assert.deepEqual(
        ledger.settlements.map(({ breakerVerdict: signal, usage: used }) => [signal, used.requests]),
        [['none', 0]],
      );
    });

    it('gives the key to the sender', async () => {
      const key = { secret: new Secret('the key'), origin: 'https://api.example.com' };
      const { guard, sender } = guardWith(
        [answer('x')],
        {},
        { openKey: () => Promise.resolve(ok({ key, headers: {} })) },
      );
      await hear(guard.run(callOf()));
      assert.equal(sender.attempts[0]?.credentials.key, key);
    });
  });

  describe('with a vault that never answers', () => {
    const never = () => new Promise<never>(() => undefined);

    it('ends the call and sends nothing when the user goes away', async () => {
      const leave = new AbortController();
      const { guard, clock, ledger, sender } = guardWith([answer('never')], {}, { openKey: never });
      const heard = hear(guard.run(callOf({ signal: leave.signal })));
      await clock.advance(10);
      assert.equal(ledger.open.size, 1);
      leave.abort();
      assert.equal((await heard).result.kind, 'aborted');
      assert.deepEqual([ledger.open.size, sender.attempts.length, clock.pendingTimers], [0, 0, 0]);
    });

    it('ends the call at its deadline without a verdict for the breaker', async () => {
      const timeouts = { ...defaultTimeouts, callMs: 5_000 };
      const { guard, clock, ledger } = guardWith([answer('never')], { timeouts }, { openKey: never });
      const heard = hear(guard.run(callOf()));
      await clock.advance(5_000);
      const { result } = await heard;
      assert.deepEqual(result.kind === 'failed' && result.failure, { kind: 'timeout', timer: 'call' });
      assert.deepEqual(
        ledger.settlements.map(({ breakerVerdict }) => breakerVerdict),
        ['none'],
      );
    });
  });

  describe('with a user who goes away', () => {
    it('aborts the attempt and settles once without a verdict for the breaker', async () => {
      const leave = new AbortController();
      const { guard, clock, ledger } = guardWith([silent]);
      const heard = hear(guard.run(callOf({ signal: leave.signal })));
      await clock.advance(10);
      leave.abort();
      await clock.advance(0);
      assert.equal((await heard).result.kind, 'aborted');
      assert.deepEqual(
        ledger.settlements.map(({ breakerVerdict: signal }) => signal),
        ['none'],
      );
      assert.equal(clock.pendingTimers, 0);
    });

    it('settles even if the reader just stops reading', async () => {
      const { guard, ledger, clock, sender } = guardWith([answer('a', 'b', 'c')]);
      const run = guard.run(callOf());
      await run.next();
      await run.return({ kind: 'aborted', target: { provider: '', model: '' }, attempts: 0 });
      assert.equal(ledger.open.size, 0);
      assert.equal(sender.attempts[0]?.signal.aborted, true);
      assert.deepEqual(
        ledger.records.map(({ outcome }) => outcome),
        ['aborted'],
      );
      assert.equal(clock.pendingTimers, 0);
    });

    it('sends nothing if the user left before the call began', async () => {
      const { guard, sender, ledger } = guardWith([answer('never')]);
      const { result } = await hear(guard.run(callOf({ signal: AbortSignal.abort() })));
      assert.equal(result.kind, 'aborted');
      assert.equal(sender.attempts.length, 0);
      assert.deepEqual(
        ledger.settlements.map(({ usage: used }) => used.requests),
        [0],
      );
    });
  });

  describe('with a route', () => {
    const targets = [
      { provider: 'acme', model: 'small' },
      { provider: 'beta', model: 'big' },
    ] as const;

    it('tries the next target after a failure before the first content', async () => {
      const { guard, sender, ledger } = guardWith([http(500), answer('from beta')]);
      const { result, text: words } = await hear(guard.run(callOf({ targets })));
      assert.equal(words, 'from beta');
      assert.equal(result.target.provider, 'beta');
      assert.deepEqual(
        sender.attempts.map(({ resolved }) => resolved.target.provider),
        ['acme', 'beta'],
      );
      assert.equal(ledger.records.length, 1);
      assert.equal(ledger.open.size, 0);
    });

    it('names the target that answers once, before its first part', async () => {
      const { guard } = guardWith([http(500), answer('from ', 'beta')]);
      const seen: string[] = [];
      const run = guard.run(callOf({ targets, onServed: ({ provider }) => seen.push(provider) }));
      for (let next = await run.next(); next.done !== true; next = await run.next())
        seen.push(next.value.type);
      assert.equal(seen.indexOf('beta'), 0);
      assert.equal(seen.filter((each) => each === 'beta' || each === 'acme').length, 1);
    });

    it('tries the next target when a circuit is open', async () => {
      const { guard, ledger, sender } = guardWith([answer('from beta')]);
      ledger.circuits.set('acme', { kind: 'forcedOpen', generation: 1 });
      const { text: words } = await hear(guard.run(callOf({ targets })));
      assert.equal(words, 'from beta');
      assert.equal(sender.attempts.length, 1);
    });

    it('tries no other target after a 400', async () => {
      const { guard, sender } = guardWith([http(400), answer('never')]);
      await hear(guard.run(callOf({ targets })));
      assert.equal(sender.attempts.length, 1);
    });
  });

  it('holds lifecycle parts back until the first content', async () => {
    const late: Script = async function* () {
      yield lifecycle;
      await new Promise<void>((resolve) => {
        clock.after(1_000, resolve);
      });
      yield text('now');
      return complete;
    };
    const { guard, clock } = guardWith([late]);
    const run = guard.run(callOf());
    let first: unknown;
    const reading = run.next().then(({ value }) => {
      first = value;
    });
    await clock.advance(999);
    assert.equal(first, undefined);
    await clock.advance(1);
    await reading;
    assert.deepEqual(first, lifecycle.part);
    await run.return({ kind: 'aborted', target: { provider: '', model: '' }, attempts: 0 });
  });

  it('estimates the usage of an answer that reports none, and marks it as estimated', async () => {
    const silentOnUsage: Script = async function* ({ progress }) {
      await Promise.resolve();
      progress('connected');
      yield text('some words here');
      return { outcome: { kind: 'complete' }, status: 200 };
    };
    const { guard, ledger } = guardWith([silentOnUsage]);
    await hear(guard.run(callOf()));
    const used = ledger.settlements[0]?.usage;
    assert.equal(used?.estimated, true);
    assert.ok(used.inputTokens > 0 && used.outputTokens > 0);
  });

  it('renews the hold of a long call', async () => {
    const { guard, clock, ledger } = guardWith([silent], {
      timeouts: { connectMs: 1e7, readMs: 1e7, headersMs: 1e7, firstContentMs: 1e7, callMs: 1_000_000 },
    });
    const heard = hear(guard.run(callOf()));
    await clock.advance(1_000_000);
    await heard;
    assert.equal(ledger.renewals, 5);
  });

  it('resolves shutDown when every call is settled, and begins no other call', async () => {
    const { guard, clock, ledger, sender } = guardWith([silent]);
    const settle = ledger.settle.bind(ledger);
    const written = Promise.withResolvers<undefined>();
    ledger.settle = async (...settlement) => {
      await written.promise;
      await settle(...settlement);
    };
    const heard = hear(guard.run(callOf()));
    await clock.advance(10);
    let isDown = false;
    const down = guard.shutDown().then(() => {
      isDown = true;
    });
    await clock.advance(10);
    assert.equal(isDown, false);
    written.resolve(undefined);
    await down;
    assert.deepEqual([(await heard).result.kind, ledger.open.size], ['aborted', 0]);
    const late = await hear(guard.run(callOf({ id: 'call-2' })));
    assert.deepEqual([late.result.kind, sender.attempts.length], ['aborted', 1]);
  });

  it('reports a ledger that cannot store the settlement, and still ends the call', async () => {
    const { guard, ledger, trouble } = guardWith([answer('fine')]);
    ledger.settle = () => Promise.reject(new Error('disk full'));
    const { result } = await hear(guard.run(callOf()));
    assert.equal(result.kind, 'done');
    assert.equal(trouble.length, 1);
  });
});
