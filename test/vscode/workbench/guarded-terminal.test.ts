import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { skipBecause } from '../../support/skip.ts';
import { openTree } from '../../support/vscode/callguard.ts';
import { clearNotifications } from '../../support/vscode/keys.ts';
import type { Window } from '../../support/vscode/window.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

/** The shells, and the file that each reads when a terminal starts it. */
const shells = {
  bash: '.bashrc',
  zsh: '.zshrc',
  fish: '.config/fish/config.fish',
  dash: '.profile',
};

const exports = `
export OPENAI_API_KEY=sk-canary-of-the-profile
export ANTHROPIC_BASE_URL=https://elsewhere.example
export GROQ_API_KEY=gsk_canary
export GEMINI_API_KEYS=canary,canary
export MISTRAL_API_KEY_2=canary
export MY_OWN_TOKEN=canary
export no_proxy=.corp.example
`;

const expected = [
  'ANTHROPIC_BASE_URL',
  'GEMINI_API_KEYS',
  'GROQ_API_KEY',
  'MISTRAL_API_KEY_2',
  'OPENAI_API_KEY',
  'no_proxy',
];

describe('a guarded terminal', () => {
  let home: string;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'callguard-home-'));
    workbench = await Workbench.start({
      env: { HOME: home, XDG_CONFIG_HOME: path.join(home, '.config') },
      settings: {
        'callguard.gateway.port': await freePort(),
        'callguard.providers': { acme: { kind: 'sandbox' } },
        'terminal.integrated.profiles.linux': Object.fromEntries(
          Object.keys(shells).map((name) => [
            name,
            { path: name, ...(name === 'dash' ? { args: ['-l'] } : {}) },
          ]),
        ),
      },
    });
    window = await workbench.openWindow();
    await openTree(window);
    await window.runCommand('Callguard: Start Gateway');
    await window.waitForNotification('The gateway is running');
  });
  after(async () => {
    await workbench.stop();
    await rm(home, { recursive: true });
  });

  for (const [shell, startUp] of Object.entries(shells)) {
    it(`reports what the start-up files of ${shell} set, or that it cannot check them`, async function () {
      if (spawnSync(shell, ['-c', 'true']).error !== undefined)
        skipBecause(this, `${shell} is not installed`);
      const file = path.join(home, startUp);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, exports);
      await workbench.changeSettings(window, { 'terminal.integrated.defaultProfile.linux': shell });
      await clearNotifications(window);
      await window.runCommand('Callguard: Open Guarded Terminal');
      const { message, buttons } = await window.waitForNotification(
        shell === 'dash' ? 'cannot check' : 'start-up files',
      );
      if (shell !== 'dash') {
        const [, names = ''] = /files of your shell set (.*?)\./.exec(message) ?? [];
        assert.deepEqual(names.split(', ').sort(), expected);
      }
      assert.deepEqual(buttons, ['Close Terminal']);
      await window.clickNotificationButton('Close Terminal');
      await window.page.locator('.terminal-wrapper.active').waitFor({ state: 'hidden' });
    });
  }
});
