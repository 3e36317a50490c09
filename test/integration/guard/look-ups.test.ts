import assert from 'node:assert/strict';
import { createKeyOpener } from '../../../src/providers/transport/key-opener.ts';
import { createResolver, type ProviderTarget } from '../../../src/providers/rules/resolver.ts';
import { createSender } from '../../../src/providers/transport/sender.ts';
import { parseProviders, type ProviderConfig } from '../../../src/providers/config/provider-config.ts';
import { ok } from '../../../src/shared/result.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { callOf, guardWith, hear } from '../../support/guard-fixture.ts';
import { provider, senderOptions } from '../../support/sender.ts';

/** Providers by id, with a list of the ids that were looked up. */
class CountedProviders extends Map<string, ProviderConfig> {
  readonly lookedUp: string[] = [];

  override get(id: string): ProviderConfig | undefined {
    this.lookedUp.push(id);
    return super.get(id);
  }
}

describe('createResolver under a call', () => {
  let upstream: upstreams.FaultUpstream;
  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const retry = { retries: 2, base: 0.001, cap: 0.001 };

  const countedGuard = () => {
    const entry = { kind: 'openai-compatible', baseUrl: upstream.baseUrl, retry };
    const { usable, broken } = parseProviders({ acme: entry, other: entry });
    const counted = new CountedProviders(usable);
    const settings = {
      providers: { usable: counted, broken },
      limits: [],
      workspaceModels: [],
      workspaceLimits: {},
    };
    const unlisted = () => undefined;
    const resolver = createResolver(
      () => settings,
      () => unlisted,
    );
    const resolved: ProviderTarget[] = [];
    const { guard } = guardWith(
      [],
      {},
      {
        resolve: (target, call) => {
          const found = resolver.resolve(target, call);
          if (found.ok) resolved.push(found.value);
          return found;
        },
        recheck: resolver.recheck,
        openKey: createKeyOpener({
          open: () => Promise.resolve(ok(undefined)),
          refusalOfEveryCall: () => Promise.resolve(undefined),
        }),
        sender: createSender(senderOptions(provider({ kind: 'sandbox' }))),
        clock: systemClock,
      },
    );
    return { guard, counted, resolved };
  };

  it('looks the provider up once for a plain call', async () => {
    const { guard, counted } = countedGuard();
    const { result } = await hear(guard.run(callOf()));
    assert.deepEqual([result.kind, counted.lookedUp], ['done', ['acme']]);
  });

  it('looks the provider up once for a call with two retries', async () => {
    upstream.script(upstreams.reply(503), upstreams.reply(503), upstreams.answer());
    const { guard, counted } = countedGuard();
    const { result } = await hear(guard.run(callOf()));
    assert.deepEqual([result.kind, result.attempts, counted.lookedUp], ['done', 3, ['acme']]);
  });

  it('looks each provider up once for a route with two legs', async () => {
    upstream.script(upstreams.reply(503), upstreams.answer());
    const { guard, counted } = countedGuard();
    const targets = [
      { provider: 'acme', model: 'small' },
      { provider: 'other', model: 'big' },
    ] as const;
    const { result } = await hear(guard.run(callOf({ targets })));
    assert.deepEqual([result.kind, result.attempts, counted.lookedUp], ['done', 2, ['acme', 'other']]);
  });

  it('resolves later calls without a look-up while the settings stay the same', async () => {
    const { guard, counted, resolved } = countedGuard();
    await hear(guard.run(callOf()));
    await hear(guard.run(callOf({ id: 'call-2' })));
    assert.deepEqual(counted.lookedUp, ['acme']);
    assert.equal(resolved[1], resolved[0]);
  });
});
