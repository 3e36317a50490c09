import { createSecretKey } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { genesisMac, rowMac } from '../../../src/ledger/audit/audit-trail.ts';
import { openLedger } from '../../../src/ledger/db/open-database.ts';
import { migrations } from '../../../src/ledger/db/schema.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { noonMs } from './ledger-fixture.ts';
import { auditKey } from './ledger-requests.ts';

/** The versions that an earlier release may have left behind. */
export const olderVersions = [1, 2, 3, 4, 5, 6, 7];

export const olderManifestEntry = {
  provider: 'acme',
  kid: 'key-1',
  origin: 'https://api.acme.example',
  redactedKey: '****1234',
  setAtMs: noonMs - 1_000,
};

export const olderToken = {
  id: 'token-1',
  kind: 'calls',
  tenant: 'work',
  hash: 'ab'.repeat(32),
  createdMs: noonMs - 2_000,
  process: null,
  settings: '{}',
};

/** How many rows the audit trail has. */
export const olderAuditRows = 40;

/**
 * A ledger as a release with this schema left it at noon: two calls in progress, one whose window died, one that was
 * settled half a minute ago, and every other kind of row.
 */
export async function writeOlderLedger(file: string, version: number): Promise<void> {
  // The rows of a later version come from an upgrade of these.
  const { db } = await openLedger(file, new FakeClock(noonMs), migrations.slice(0, Math.min(version, 4)));
  db.exec(`UPDATE seen SET latest_ms = ${noonMs}, latest_day = '2026-01-15'`);
  addUsage(db);
  addHolds(db);
  addProviders(db);
  addTrail(db);
  db.prepare('INSERT INTO manifest VALUES (?, ?)').run('acme', JSON.stringify(olderManifestEntry));
  if (version >= 3) addCounters(db);
  if (version >= 4) addGateway(db);
  db.close();
  if (version > 4) (await openLedger(file, new FakeClock(noonMs), migrations.slice(0, version))).db.close();
}

function addUsage(db: DatabaseSync): void {
  const usage = db.prepare('INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  usage.run('2025-11', 'acme', 'small', 'default', 100, 90, 10, 9_000, 900, 3_000, 50_000, 1, 2, 0, 0, 0);
  usage.run('2026-01-14', 'acme', 'small', 'default', 5, 5, 0, 500, 50, 250, 1_000, 0, 0, 0, 0, 0);
  // One settled call, one that was charged its input estimate, two in progress.
  usage.run('2026-01-15', 'acme', 'small', 'default', 2, 1, 0, 180, 20, 30, 240, 0, 1, 2, 300, 400);
  usage.run('2026-01-15', 'beta', 'large', 'work', 3, 1, 2, 70, 0, 7, 0, 3, 0, 0, 0, 0);
}

function addHolds(db: DatabaseSync): void {
  const hold = db.prepare(`
    INSERT INTO hold VALUES (?, ?, '2026-01-15', 'acme', 'small', 'default', ?, ?, ?, ?, ?, ?, ?)`);
  hold.run('open-1', 'open', noonMs - 90_000, noonMs + 510_000, 1, 100, 50, 200, 100);
  hold.run('open-2', 'open', noonMs - 10_000, noonMs + 590_000, 1, 100, 50, 200, 100);
  hold.run('cleared', 'cleared', noonMs - 3_600_000, noonMs - 3_000_000, 1, 100, 0, 200, 100);
  hold.run('settled', 'settled', noonMs - 30_000, noonMs + 570_000, 1, 80, 30, 200, 100);
}

function addProviders(db: DatabaseSync): void {
  const provider = db.prepare('INSERT INTO provider VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const open = { kind: 'open', generation: 3, untilMs: noonMs + 60_000, cooldownMs: 60_000 };
  const closed = { kind: 'closed', generation: 0, failures: 2 };
  provider.run('acme', JSON.stringify(closed), 0, null, null, noonMs - 5_000, noonMs - 9_000, 'HTTP 500');
  provider.run('beta', JSON.stringify(open), 0, null, 'set-up 1', null, noonMs - 1_000, 'HTTP 503');
  provider.run('gamma', '{"kind":"tripped","generation":7}', 0, null, null, null, null, null);
  provider.run('delta', JSON.stringify(closed), 1, 'set-up 1', null, null, null, null);
  db.prepare('INSERT INTO rest VALUES (?, ?, ?)').run('acme', 'large', noonMs + 30_000);
}

function addTrail(db: DatabaseSync): void {
  const insert = db.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)');
  const key = createSecretKey(auditKey.key);
  const contents: [kind: string, body: object][] = [
    ['call', { callId: 'call-1', provider: 'acme', model: 'small', outcome: 'done' }],
    ['person', { act: 'trip', provider: 'gamma' }],
    ['circuit', { provider: 'beta', from: 'closed', to: 'open' }],
    ['key', { kind: 'keySet', provider: 'acme' }],
  ];
  let previousMac: Uint8Array = genesisMac;
  for (let seq = 1; seq <= olderAuditRows; seq++) {
    const [kind, body] = contents[seq % contents.length] ?? ['call', {}];
    const atMs = noonMs - (olderAuditRows - seq) * 1_000;
    const row = { seq, atMs, kind, body: JSON.stringify(body), keyId: auditKey.id };
    previousMac = rowMac(key, previousMac, row);
    insert.run(seq, atMs, kind, row.body, row.keyId, previousMac);
  }
}

/** As the step to schema 3 counts them from usage, and what only a later release counts. */
function addCounters(db: DatabaseSync): void {
  const counter = db.prepare('INSERT INTO counter VALUES (?, ?, ?)');
  for (const [name, value] of Object.entries({ requests: 107, inputTokens: 9_680, 'refusal:cap': 4 })) {
    counter.run('acme', name, value);
  }
}

function addGateway(db: DatabaseSync): void {
  db.exec("UPDATE gateway SET wanted = 1, owner = 'one', port = 22557");
  const { id, kind, tenant, hash, createdMs, process } = olderToken;
  db.prepare('INSERT INTO gateway_token VALUES (?, ?, ?, ?, ?, ?)').run(
    id,
    kind,
    tenant,
    hash,
    createdMs,
    process,
  );
}
