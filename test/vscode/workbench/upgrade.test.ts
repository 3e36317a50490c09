import assert from 'node:assert/strict';
import path from 'node:path';
import { callguardVsix } from '../../../scripts/vsix.ts';
import { filesWith, writingsOf } from '../../support/canary.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import {
  ask,
  openAiLike,
  openLedgerOf,
  openTree,
  providerRow,
  setUpToStep,
} from '../../support/vscode/callguard.ts';
import { keyAudit } from '../../support/vscode/keys.ts';
import { olderVersionIsReady, packageOlderVersion } from '../../support/vscode/older-version.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const ownAddress = 'legacy-key-8a2f5c7e0d914b36';
const catalogueAddress = `gsk_${'Qx7'.repeat(17)}k`;

describe('the upgrade from an older version', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    const olderVersion = await packageOlderVersion({
      acme: Buffer.from(ownAddress).toString('base64'),
      groq: catalogueAddress,
      forgotten: 'of-a-provider-that-is-gone',
    });
    workbench = await Workbench.start({
      settings: {
        'callguard.providers': {
          acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['small'] } },
          groq: { kind: 'groq', models: { list: ['large'] } },
        },
      },
      extensions: [olderVersion],
    });
    window = await workbench.openWindow();
    await window.waitForNotification(olderVersionIsReady);
    await workbench.install(callguardVsix);
    await window.reload();
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  it("seals a key for its provider's own address, and asks before another one", async () => {
    const dialog = await until(
      'the question',
      () => window.dialog(),
      (shown) => shown?.message === `Use the stored key of acme for ${upstream.origin}?`,
    );
    assert.match(dialog?.detail ?? '', /stored this key without an address/);
    await window.clickDialogButton('Use Key');
    await openTree(window);
    await providerRow(window, 'acme', /^0 calls today/);
    await providerRow(window, 'groq', /^0 calls today/);
    await ask(window, 'the migrated key', /Hello/, 'small');
    assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${ownAddress}`);
    const migrated = (await keyAudit(window)).filter((line) => line.includes('kind=keyMigrated'));
    assert.deepEqual(
      migrated.map((line) => /provider=(\w+)/.exec(line)?.[1]),
      ['groq', 'acme'],
    );
  });

  it('happens once', async () => {
    await window.reload();
    await openTree(window);
    await providerRow(window, 'acme', /^1 call today/);
    await ask(window, 'after the reload', /Hello/, 'small');
    const migrated = (await keyAudit(window)).filter((line) => line.includes('kind=keyMigrated'));
    assert.equal(migrated.length, 2);
    assert.equal(await window.dialog(), undefined);
    const writings = [ownAddress, catalogueAddress].flatMap(writingsOf);
    assert.deepEqual(await filesWith(path.join(workbench.folder, 'data'), writings), []);
  });

  it('reports a ledger of a newer version in the tree and in Configure Provider, which goes back', async () => {
    const { quickInput } = window;
    const newer =
      /^The ledger cannot be used: it was written by a newer version of Callguard .*; update Callguard$/;
    const ledger = await openLedgerOf(workbench, 'writable');
    ledger.exec('PRAGMA user_version = 999');
    ledger.close();
    await window.reload();
    await openTree(window);
    const rows = await until(
      'the tree to say so',
      () => window.tree('Providers'),
      ([first]) => first !== undefined && newer.test(first.label),
    );
    assert.deepEqual(
      rows.slice(1, 3).map(({ label }) => label),
      ['acme', 'groq'],
    );
    await setUpToStep(window, { id: 'other', baseUrl: upstream.baseUrl, key: '', model: 'small' }, 5);
    await quickInput.waitForPlaceholder(
      'The ledger cannot be used: it was written by a newer version of Callguard',
    );
    await quickInput.back();
    await quickInput.waitForStep(4);
    await quickInput.cancel();
  });
});
