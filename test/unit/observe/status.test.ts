import assert from 'node:assert/strict';
import { health, lacksKey, stateOf, type ProviderStatus, type Status } from '../../../src/observe/status.ts';
import { noTotals } from '../../support/no-totals.ts';
import { providerStatus } from '../../support/provider-status.ts';

function status(...providers: ProviderStatus[]): Status {
  return { nowMs: 0, day: '2026-01-15', providers, today: noTotals };
}

const open = { kind: 'open', generation: 1, untilMs: 1, cooldownMs: 1 } as const;
const halfOpen = { kind: 'halfOpen', generation: 1, leaseEndsMs: 1, cooldownMs: 1 } as const;

const outdated = {
  kind: 'rolledBack',
  kid: '0123456789abcdef',
  redactedKey: 'sk-***',
  stored: 'https://example.com',
  approved: 'https://example.com',
} as const;
const exposed = { kind: 'exposedRing', path: '/ring.json', exposure: 'writable', command: 'chmod' } as const;

describe('stateOf', () => {
  const blocked: [string, Partial<ProviderStatus>, object?][] = [
    ['disabled', {}, { enabled: false }],
    ['paused', { paused: true }],
    ['key not set', { key: { kind: 'notSet' } }],
    ['key lost', { key: { kind: 'lost' } }],
    ['key outdated', { key: outdated }],
    ['secret storage does not answer', { key: { kind: 'storeSilent' } }],
    ['secret storage failed', { key: { kind: 'store', message: 'closed' } }],
    ['no master key', { key: { kind: 'environmentKeyMissing' } }],
    ['no master key', { key: exposed }],
    ['key rejected', { keyRejected: true }],
    ['out of credit', { outOfCredit: true }],
    ['circuit open', { circuit: open }],
    ['circuit forced open', { circuit: { kind: 'forcedOpen', generation: 1 } }],
  ];
  for (const [words, changes, entry] of blocked) {
    it(`returns '${words}' word for word`, () => {
      assert.deepEqual(stateOf(providerStatus('acme', changes, entry)), { kind: 'blocked', words });
    });
  }

  it('returns callable if nothing prevents a call', () => {
    assert.deepEqual(stateOf(providerStatus('acme')), { kind: 'callable' });
  });

  it('does not miss a key where none is needed', () => {
    const local = providerStatus('acme', { key: { kind: 'notSet' } }, { kind: 'ollama' });
    assert.equal(lacksKey(local), false);
    assert.equal(lacksKey({ ...local, key: { kind: 'lost' } }), true);
  });
});

describe('health', () => {
  it('is empty without a provider, and without an enabled one', () => {
    assert.deepEqual(health(undefined), { kind: 'empty' });
    assert.deepEqual(health(status(providerStatus('acme', {}, { enabled: false }))), { kind: 'empty' });
  });

  it('is good if every provider can be called', () => {
    assert.deepEqual(health(status(providerStatus('acme'), providerStatus('beta'))), { kind: 'healthy' });
  });

  it('is an error only if no provider can be called', () => {
    assert.equal(
      health(status(providerStatus('acme', { circuit: open }), providerStatus('beta'))).kind,
      'warning',
    );
    const all = health(
      status(providerStatus('acme', { circuit: open }), providerStatus('beta', { paused: true })),
    );
    assert.ok(all.kind === 'error');
    assert.match(all.reason, /acme: circuit open; beta: paused/);
  });

  it('warns about a circuit that is being probed', () => {
    assert.equal(health(status(providerStatus('acme', { circuit: halfOpen }))).kind, 'warning');
  });

  it('warns about a cap from 80 % on, holds included', () => {
    const cap = { scope: { provider: 'acme' }, kind: 'requestsPerDay', limit: 10 } as const;
    const withUse = (used: number, held: number) =>
      health(status(providerStatus('acme', { caps: [{ cap, used, held }] })));
    assert.equal(withUse(7, 0).kind, 'healthy');
    assert.equal(withUse(7, 1).kind, 'warning');
  });

  it('counts a cap of zero as full', () => {
    const cap = { scope: { provider: 'acme' }, kind: 'requestsPerDay', limit: 0 } as const;
    assert.equal(
      health(status(providerStatus('acme', { caps: [{ cap, used: 0, held: 0 }] }))).kind,
      'warning',
    );
  });
});
