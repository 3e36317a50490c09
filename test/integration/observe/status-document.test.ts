import assert from 'node:assert/strict';
import { readStatusDocument, statusWithoutLedger } from '../../../src/observe/status-document.ts';
import { parseRoutes } from '../../../src/providers/rules/routes.ts';
import { parseLimitRules } from '../../../src/providers/rules/rulebook.ts';
import type { KeyState } from '../../../src/vault/vault-refusal.ts';
import { admitted, freshWindow, letGoAfterEach, noonMs } from '../ledger/ledger-fixture.ts';
import { completed, failed, used, pauseFor } from '../ledger/ledger-requests.ts';
import { keySet, settingsOf } from './observe-fixture.ts';

const noon = new Date(noonMs).toISOString();

const acme = { kind: 'openai', models: { list: ['small'], allow: ['s*'], deny: ['large'] } };
const withKey = new Map([['acme', keySet]]);

describe('readStatusDocument', () => {
  letGoAfterEach();

  it('has exactly the shape of the contract and its additions', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window), completed());
    await window.ledger.settle(await admitted(window), failed());
    await admitted(window, { tenant: 'work' });
    await window.ledger.apply(await admitted(window), pauseFor(60_000));
    const entry = { ...acme, timeouts: { connect: 2 }, limits: { requestsPerDay: 10, tokensPerDay: 1_000 } };
    const settings = settingsOf(
      { acme: entry },
      {
        defaultModel: 'fast',
        routes: parseRoutes({ fast: ['acme/small', 'other/model'] }).routes,
        limits: parseLimitRules([{ tenant: 'default', requestsPerDay: 9 }]).rules,
        problems: ['callguard.tenants: must be an object'],
      },
    );
    assert.deepEqual(readStatusDocument(window.store, settings, withKey), {
      available: true,
      provider: 'acme',
      model: 'small',
      providers: [
        {
          name: 'acme',
          active: true,
          model: 'small',
          last_ok: noon,
          failure_count: 1,
          circuit_state: 'closed',
          today_requests: 2,
          today_tokens: 220,
          // The provider's cap leaves 10 - 2 - 2; the tenant's 9 - 2 - 1.
          rate_limit_remaining: 6,
          tokens_remaining: 480,
          enabled: true,
          paused: false,
          key_state: 'set',
          out_of_credit: false,
          last_failure: noon,
          last_failure_message: 'HTTP 500: no',
          today_cost_usd: 0.00028,
          today_cost_unknown: 0,
          holds: { requests: 2, tokens: 300, cost_usd: 0.0004 },
          rests: [{ model: 'small', until: new Date(noonMs + 60_000).toISOString() }],
        },
      ],
      safety: {
        timeouts: { connect: 2, read: 30 },
        model_allowlists: { acme: ['s*'] },
        model_denylists: { acme: ['large'] },
      },
      usage: {
        today_requests: 2,
        today_tokens: 220,
        success_rate: 50,
        day: '2026-01-15',
        today_cost_usd: 0.00028,
        today_cost_unknown: 0,
      },
      at: noon,
      health: 'healthy',
      reason: null,
      holds: { requests: 2, tokens: 300, cost_usd: 0.0004 },
      // The rate-limit pause has a row.
      ledger: { ok: true, problem: null, audit_head: 1 },
      problems: ['callguard.tenants: must be an object'],
    });
  });

  it('is null where there is no cap, no model and no default', async () => {
    const window = await freshWindow();
    const status = readStatusDocument(window.store, settingsOf({ acme: { kind: 'openai' } }), withKey);
    const [provider] = status.providers;
    assert.deepEqual(
      [provider?.rate_limit_remaining, provider?.tokens_remaining, provider?.model, provider?.last_ok],
      [null, null, null, null],
    );
    assert.deepEqual([status.provider, status.model, status.usage.success_rate], [null, null, 100]);
  });

  it('never reports a negative remainder', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window), completed(used({ inputTokens: 5_000 })));
    const settings = settingsOf({ acme: { ...acme, limits: { tokensPerDay: 100 } } });
    const [provider] = readStatusDocument(window.store, settings, withKey).providers;
    assert.equal(provider?.tokens_remaining, 0);
  });

  it('is the same in a workspace with its own caps', async () => {
    const window = await freshWindow();
    const here = settingsOf({ acme }, { workspaceLimits: { requestsPerDay: 1 } });
    const elsewhere = settingsOf({ acme });
    assert.deepEqual(
      readStatusDocument(window.store, here, withKey),
      readStatusDocument(window.store, elsewhere, withKey),
    );
  });

  it('counts consecutive failures through an open and a half-open circuit, until the user resets it', async () => {
    const window = await freshWindow();
    const seen = () => {
      const status = readStatusDocument(window.store, settingsOf({ acme }), withKey);
      const [provider] = status.providers;
      return [provider?.circuit_state, provider?.failure_count, status.available];
    };
    for (let n = 0; n < 5; n++) await window.ledger.settle(await admitted(window), failed());
    assert.deepEqual(seen(), ['open', 5, false]);
    await window.clock.advance(60_000);
    const probe = await admitted(window);
    assert.deepEqual(seen(), ['half_open', 5, true]);
    await window.ledger.settle(probe, failed());
    assert.deepEqual(seen(), ['open', 6, false]);
    await window.store.override('acme', 'reset');
    assert.deepEqual(seen(), ['closed', 0, true]);
    await window.store.override('acme', 'forceOpen');
    assert.deepEqual(seen(), ['open', 0, false]);
  });

  const inactive: [what: string, entry: object, key: KeyState | undefined, paused: boolean][] = [
    ['is disabled', { ...acme, enabled: false }, keySet, false],
    ['has lost its key', acme, { kind: 'lost' }, false],
    ['lacks a key that it needs', acme, { kind: 'notSet' }, false],
    ['is paused', acme, keySet, true],
  ];
  for (const [what, entry, key, paused] of inactive) {
    it(`reports nothing available if the only provider ${what}`, async () => {
      const window = await freshWindow();
      if (paused) await window.store.override('acme', 'pause');
      const keys = new Map(key === undefined ? [] : [['acme', key]]);
      const status = readStatusDocument(window.store, settingsOf({ acme: entry }), keys);
      assert.deepEqual([status.providers[0]?.active, status.available], [false, false]);
    });
  }

  it('reports no missing key where none is needed', async () => {
    const window = await freshWindow();
    const status = readStatusDocument(window.store, settingsOf({ box: { kind: 'sandbox' } }), new Map());
    assert.deepEqual([status.providers[0]?.active, status.providers[0]?.key_state], [true, null]);
  });

  it('reports that nothing is available, and why, while the ledger cannot be used', () => {
    const status = statusWithoutLedger(settingsOf({ acme }), 'the disk is full', noonMs);
    assert.equal(status.available, false);
    assert.deepEqual(status.providers, []);
    assert.deepEqual(status.ledger, { ok: false, problem: 'the disk is full', audit_head: null });
    assert.deepEqual(status.safety.model_allowlists, { acme: ['s*'] });
  });
});
