import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createMemorySecrets } from '../../../src/headless/memory-secrets.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { startLedger } from '../../../src/ledger/start-ledger.ts';
import { loadTrailKeys } from '../../../src/ledger/audit/trail-keys.ts';
import { verifyAudit } from '../../../src/ledger/audit/verify-audit.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { systemRandom } from '../../../src/shared/random.ts';
import { KeyRing } from '../../../src/vault/key-ring.ts';

describe('verifyAudit with retired master keys', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-audit-keys-'));
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  /** A window that starts, writes a row and verifies all rows. */
  async function startWriteVerify(ring: KeyRing) {
    const master = await ring.loadForSealing();
    assert.ok(master.ok);
    const { kid: id, auditKey: key } = master.value.current;
    const started = await startLedger({
      file: path.join(folder, 'ledger.db'),
      anchorFile: path.join(folder, 'anchor.json'),
      onTrouble: (error: unknown) => {
        throw error;
      },
      clock: systemClock,
      random: systemRandom,
      timeZone: 'UTC',
      settings: defaultLedgerSettings,
      auditKey: () => ({ id, key }),
      ring,
      secrets: createMemorySecrets(),
    });
    const { store } = started;
    try {
      await store.override('acme', 'pause');
      const keys = await loadTrailKeys(ring, { id, key });
      return await verifyAudit(store.audit, {
        ...{ keys, anchors: [], witness: undefined },
      });
    } finally {
      started.dispose();
    }
  }

  it('verifies the trail to its first row after three rotations', async () => {
    const ring = new KeyRing({
      file: path.join(folder, 'keys', 'ring.json'),
      env: {},
      requireEnvironmentKey: () => false,
    });
    for (let rotations = 0; rotations <= 3; rotations++) {
      if (rotations > 0) assert.ok((await ring.advance(new Set())).ok);
      const { rows, faults } = await startWriteVerify(ring);
      assert.deepEqual({ rows, faults }, { rows: rotations + 1, faults: [] });
    }
    const ringNow = await ring.load();
    assert.equal(ringNow.ok && ringNow.value.previous.length, 1);
  });
});
