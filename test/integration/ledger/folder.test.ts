import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { unattended } from '../../../scripts/unattended.ts';
import { composeCore } from '../../../src/compose-core.ts';
import { nothingOpen } from '../../../src/providers/rules/tenants.ts';
import { parseSettings } from '../../../src/settings/settings.ts';
import { folder, letGoAfterEach } from './ledger-fixture.ts';

describe('callguard.ledgerFolder', () => {
  letGoAfterEach();

  it('moves only the ledger to another folder', async () => {
    const [home, chosen] = [folder(), path.join(folder(), 'made by it')];
    const values = new Map<string, unknown>([['ledgerFolder', chosen]]);
    const current = parseSettings({
      user: (name) => values.get(name),
      layers: () => [],
      folders: nothingOpen,
    });
    const settings = { current, onDidChange: () => ({ dispose: () => undefined }) };
    const core = composeCore({ ...unattended(), home, env: {}, settings });
    await core.ledger;
    await core.gateway;
    assert.ok(readdirSync(chosen).includes('callguard.db'));
    assert.equal(existsSync(path.join(home, 'ledger')), false);
    assert.ok(readdirSync(home).includes('keys'));
    await core.shutDown();
    core.dispose();
  });
});
