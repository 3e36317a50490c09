import assert from 'node:assert/strict';
import { headerEntry } from '../../../src/providers/transport/key-opener.ts';
import { createSender } from '../../../src/providers/transport/sender.ts';
import { Secret } from '../../../src/shared/secret.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { callOf, hear } from '../../support/guard-fixture.ts';
import { createCore, type Core } from '../../support/guarded-core.ts';
import { provider, senderOptions } from '../../support/sender.ts';

const storedKey = 'sk-stored-canary-0123456789abcdef';
const draftKey = 'sk-draft-canary-0123456789abcdef';
const headerSecret = 'header-canary-0123456789abcdef';

const acmeAt = (baseUrl: string, more: object = {}) =>
  ({ kind: 'openai-compatible', baseUrl, ...more }) as const;
const drafted = { provider: 'acme', model: 'drafted' };

describe('createGuard with the real vault, sender and wire', () => {
  let core: Core;
  let approved: upstreams.FaultUpstream;
  let other: upstreams.FaultUpstream;

  const set = (baseUrl: string, more: object = {}) => {
    core.set({ acme: acmeAt(baseUrl, more) });
  };

  beforeEach(async () => {
    [approved, other] = await Promise.all([upstreams.startFaultUpstream(), upstreams.startFaultUpstream()]);
    core = await createCore();
    set(approved.baseUrl);
    await core.vault.set('acme', approved.origin, new Secret(storedKey));
  });
  afterEach(async () => {
    await Promise.all([approved.close(), other.close(), core.close()]);
  });

  const limited = upstreams.reply(429, 'slow down', { 'retry-after': '1' });
  for (const [name, first] of [
    ['a 429', limited],
    ['a 503', upstreams.reply(503, 'busy', { 'retry-after': '1' })],
  ] as const) {
    it(`refuses with 'origin' a retry after ${name} if the base URL changes during the wait`, async () => {
      approved.script(first, upstreams.answer());
      const heard = hear(core.guard.run(callOf()));
      await approved.request(0);
      set(other.baseUrl);
      const { result } = await heard;
      assert.deepEqual(result.kind === 'refused' && result.refusal, {
        kind: 'origin',
        provider: 'acme',
        approved: approved.origin,
        asked: other.origin,
      });
      assert.deepEqual([other.acceptedSockets, approved.seen.length], [0, 1]);
    });
  }

  for (const [name, change] of [
    [
      'removed',
      () => {
        core.set({});
      },
    ],
    [
      'disabled',
      () => {
        set(approved.baseUrl, { enabled: false });
      },
    ],
    [
      'broken',
      () => {
        set(approved.baseUrl, { retry: 'often' });
      },
    ],
  ] as const) {
    it(`refuses with 'settings' a retry of a provider that is ${name} during the wait`, async () => {
      approved.script(limited, upstreams.answer());
      const heard = hear(core.guard.run(callOf()));
      await approved.request(0);
      change();
      const { result } = await heard;
      assert.equal(result.kind === 'refused' && result.refusal.kind, 'settings');
      assert.equal(approved.seen.length, 1);
    });
  }

  it('retries as resolved when other settings of the provider change during the wait', async () => {
    approved.script(limited, upstreams.answer());
    const heard = hear(core.guard.run(callOf()));
    await approved.request(0);
    set(approved.baseUrl, { headers: { 'x-team': 'blue' } });
    assert.equal((await heard).text, 'Hello world');
    assert.deepEqual(
      approved.seen.map(({ headers }) => headers['x-team']),
      [undefined, undefined],
    );
  });

  it('settles the first attempt of a call that is refused before its second, without a verdict for the breaker', async () => {
    approved.script(limited, upstreams.answer());
    const heard = hear(core.guard.run(callOf()));
    await approved.request(0);
    set(other.baseUrl);
    await heard;
    assert.equal(core.ledger.open.size, 0);
    assert.deepEqual(
      core.ledger.settlements.map(({ usage, breakerVerdict }) => [usage.requests, breakerVerdict]),
      [[1, 'none']],
    );
    assert.deepEqual(
      core.ledger.records.map(({ outcome, reason, attempts }) => [outcome, reason, attempts]),
      [['refused', 'origin', 1]],
    );
  });

  it('answers a stored-key call from its own origin while a draft of the same provider is under test', async () => {
    approved.script(limited, upstreams.answer());
    const heard = hear(core.guard.run(callOf()));
    await approved.request(0);
    const tested = Promise.withResolvers<undefined>();
    other.script(async (exchange) => {
      await tested.promise;
      await upstreams.answer()(exchange);
    });
    const draft = { config: provider(acmeAt(other.baseUrl)), draftKey: new Secret(draftKey) };
    const trying = hear(
      core.draftGuard(draft).run(callOf({ id: 'call-2', frontDoor: 'test', targets: [drafted] })),
    );
    await other.request(0);
    const stored = await heard;
    tested.resolve(undefined);
    assert.deepEqual([stored.result.kind, stored.text], ['done', 'Hello world']);
    assert.equal((await trying).result.kind, 'done');
    const keys = (upstream: upstreams.FaultUpstream) =>
      upstream.seen.map(({ headers }) => headers.authorization);
    assert.deepEqual(keys(approved), [`Bearer ${storedKey}`, `Bearer ${storedKey}`]);
    assert.deepEqual(keys(other), [`Bearer ${draftKey}`]);
  });

  it("refuses with 'origin' a draft without a key of its own that points to another origin", async () => {
    const draft = { config: provider(acmeAt(other.baseUrl)), draftKey: undefined };
    const { result } = await hear(core.draftGuard(draft).run(callOf({ frontDoor: 'test' })));
    assert.equal(result.kind === 'refused' && result.refusal.kind, 'origin');
    assert.equal(other.acceptedSockets, 0);
  });

  describe('with a sender that gives the wire a wrong target', () => {
    /** A sender that uses the opened key with another provider's address. */
    const misled = async () => {
      await core.close();
      const real = createSender(senderOptions(provider({ kind: 'sandbox' })));
      core = await createCore({
        sender: {
          send: (attempt) => {
            const config = provider(acmeAt(other.baseUrl));
            return real.send({ ...attempt, resolved: { ...attempt.resolved, config } });
          },
        },
      });
    };

    for (const [name, entry, headers] of [
      ['a key', 'acme', {}],
      ['a header secret', headerEntry('gateway'), { 'x-gateway': { vault: 'gateway' } }],
    ] as const) {
      it(`refuses ${name} at the wire without a connection`, async () => {
        await misled();
        set(approved.baseUrl, { headers });
        await core.vault.set(entry, approved.origin, new Secret(headerSecret));
        const { result } = await hear(core.guard.run(callOf()));
        assert.deepEqual(result.kind === 'refused' && result.refusal, {
          kind: 'origin',
          provider: 'acme',
          approved: approved.origin,
          asked: other.origin,
        });
        assert.deepEqual([other.acceptedSockets, approved.acceptedSockets], [0, 0]);
        assert.equal(core.ledger.open.size, 0);
        assert.deepEqual(
          core.ledger.settlements.map(({ outcome, usage, breakerVerdict }) => [
            outcome.kind,
            usage.requests,
            breakerVerdict,
          ]),
          [['unsent', 0, 'none']],
        );
      });
    }
  });
});
