import assert from 'node:assert/strict';
import { preparePackages } from '../../scripts/vscode-packages.ts';
import { MasterKey } from '../../src/vault/master-key.ts';
import { startFaultUpstream, type FaultUpstream } from '../support/fault-upstream.ts';
import { ask, openAiLike, openTree, providerRow, restartWith } from '../support/vscode/callguard.ts';
import { enterKey, keyAudit } from '../support/vscode/keys.ts';
import { until } from '../support/vscode/until.ts';
import { Workbench } from '../support/vscode/workbench.ts';
import type { Window } from '../support/vscode/window.ts';

const key = 'env-key-3c8e51a09d7b4f62';
const [firstMaster, secondMaster, otherMaster] = [
  MasterKey.generate(),
  MasterKey.generate(),
  MasterKey.generate(),
];
const answered = /Hello/;

// The small version, in `npm test`, is test/vscode/workbench/vault-environment.test.ts.
describe('a master key from the environment, over many starts of VS Code', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    await preparePackages();
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    const acme = { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['small'] } };
    workbench = await Workbench.start({
      settings: { 'callguard.providers': { acme } },
      env: { LLM_SECRET_KEY: firstMaster.reveal() },
    });
    window = await workbench.openWindow();
    await openTree(window);
    await providerRow(window, 'acme', /^0 calls today/);
    await enterKey(window, 'acme', key);
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  it('is rotated by a new one, with the one before among the previous ones', async () => {
    await window.runCommand('Callguard: Rotate Master Key');
    await window.waitForNotification('The master key comes from LLM_SECRET_KEY, so you rotate it there');
    await restartWith(workbench, window, {
      LLM_SECRET_KEY: secondMaster.reveal(),
      LLM_PREVIOUS_KEYS: firstMaster.reveal(),
    });
    await ask(window, 'after the new key', answered, 'small');
    const [rotated = ''] = (await keyAudit(window)).filter((line) => line.includes('kind=keyRotated'));
    assert.ok(rotated.includes(`kid=${secondMaster.kid}`), rotated);
  });

  it('that is another one locks the key, and gives it back when the old one returns', async () => {
    await restartWith(workbench, window, { LLM_SECRET_KEY: otherMaster.reveal() });
    await providerRow(window, 'acme', /key locked/);
    const before = upstream.seen.length;
    await ask(window, 'locked', new RegExp(`sealed under master key ${secondMaster.kid}`), 'small');
    assert.equal(upstream.seen.length, before);
    await window.clickNotificationButton('Replace Key');
    const dialog = await until(
      'the question',
      () => window.dialog(),
      (shown) => shown?.message === 'Replace the locked key of acme?',
    );
    assert.match(dialog?.detail ?? '', /Windows that have that master key can still use the key/);
    await window.press('Escape');
    await restartWith(workbench, window, { LLM_SECRET_KEY: secondMaster.reveal() });
    await ask(window, 'unlocked', answered, 'small');
    assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${key}`);
  });
});
