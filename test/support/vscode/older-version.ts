import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inCache } from '../../../scripts/paths.ts';
import { packageVsix } from '../../../scripts/vsix.ts';

const folder = inCache('older-version');

/** What the older version says when it has stored its keys. */
export const olderVersionIsReady = 'The older version has stored its keys.';

/** Packages an extension that, to VS Code, is an older Callguard, and keeps keys as that did: unsealed. */
export async function packageOlderVersion(keys: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const manifest = {
    name: 'callguard',
    publisher: 'callguard',
    displayName: 'Callguard',
    description: 'Keeps keys in the older layout.',
    version: '0.0.1',
    engines: { vscode: '^1.106.0' },
    main: './extension.cjs',
    activationEvents: ['onStartupFinished'],
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(folder, 'README.md'), '# An older version\n');
  await writeFile(
    path.join(folder, 'extension.cjs'),
    `exports.activate = async ({ secrets }) => {
      for (const [provider, value] of Object.entries(${JSON.stringify(keys)})) {
        await secrets.store('callguard.apiKey.' + provider, value);
      }
      require('vscode').window.showInformationMessage(${JSON.stringify(olderVersionIsReady)});
    };\n`,
  );
  const vsix = inCache('older-version.vsix');
  await packageVsix(folder, vsix);
  return vsix;
}
