import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { filesWith, writingsOf } from '../../support/canary.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import {
  ask,
  logText,
  openAiLike,
  openTree,
  providerRow,
  restartWith,
} from '../../support/vscode/callguard.ts';
import { clearNotifications, enterKey, keyAudit } from '../../support/vscode/keys.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const key = 'env-key-3c8e51a09d7b4f62';
const malformed = 'malformed-canary-0d6f2b';
const firstMaster = MasterKey.generate();
const answered = /Hello/;

// Cases that need more starts of VS Code are in the proof.
describe('a master key from the environment', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  /** Checks for one message at startup, an error in the status bar, and no call to any provider. */
  async function everythingIsRefused(says: string): Promise<void> {
    const { message, severity } = await window.waitForNotification(says);
    assert.equal(severity, 'error');
    const item = await until(
      'the status bar to be in error',
      () => window.statusBarItem('callguard'),
      (found) => found?.background === 'error',
    );
    assert.ok(item?.label.includes(says), item?.label);
    const shown = await window.notifications();
    assert.deepEqual(
      shown.map((notification) => notification.message),
      [message],
    );
    await ask(window, 'with a key?', /Not sent\.\W+acme: .*LLM_SECRET_KEY/, 'small');
    await ask(window, 'without one?', /Not sent\.\W+sandbox: .*LLM_SECRET_KEY/, 'echo');
    assert.equal(upstream.acceptedSockets, 0);
    await clearNotifications(window);
  }

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    workbench = await Workbench.start({
      settings: {
        'callguard.providers': {
          acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['small'] } },
          sandbox: { kind: 'sandbox', models: { list: ['echo'] } },
        },
      },
      env: { LLM_SECRET_KEY: malformed },
    });
    window = await workbench.openWindow();
    await openTree(window);
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  it('refuses every call if it is malformed, with one message that names the variable and not the value', async () => {
    await everythingIsRefused('LLM_SECRET_KEY is not a valid master key. It must be 32 bytes in base64');
    assert.ok(!(await window.page.locator('body').innerText()).includes(malformed));
    assert.deepEqual(await filesWith(workbench.folder, writingsOf(malformed)), []);
    assert.match(await logText(workbench), /LLM_SECRET_KEY is not a valid master key/);
  });

  it('refuses every call if a production set-up lacks it, and no other key replaces it', async () => {
    await restartWith(workbench, window, { LLM_ENV: 'production' });
    await everythingIsRefused('LLM_SECRET_KEY is required but not set, so every call is refused.');
    const files = await readdir(path.join(workbench.folder, 'data'), { recursive: true });
    assert.ok(
      files.some((file) => file.endsWith('callguard.db')),
      'this is where Callguard keeps its files',
    );
    assert.ok(!files.some((file) => file.endsWith('ring.json')));
  });

  it('seals and opens keys', async () => {
    await restartWith(workbench, window, { LLM_ENV: 'production', LLM_SECRET_KEY: firstMaster.reveal() });
    await providerRow(window, 'acme', /^0 calls today/);
    await enterKey(window, 'acme', key);
    await ask(window, 'a good key', answered, 'small');
    assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${key}`);
    assert.ok((await keyAudit(window))[0]?.includes(`kid=${firstMaster.kid}`));
  });

  it('does not vouch for audit rows written before it existed', async () => {
    await clearNotifications(window);
    await window.runCommand('Callguard: Verify Audit Trail');
    const { severity } = await window.waitForNotification('were written without a master key');
    assert.equal(severity, 'warning');
  });
});
