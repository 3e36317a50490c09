import { packageSmallExtension } from './small-extension.ts';

/** What the older version says when it has stored its keys. */
export const olderVersionIsReady = 'The older version has stored its keys.';

/** Packages an extension that, to VS Code, is an older Callguard, and keeps keys as that did: unsealed. */
export async function packageOlderVersion(keys: Readonly<Record<string, string>>): Promise<string> {
  return packageSmallExtension('older-version', {
    publisher: 'callguard',
    name: 'callguard',
    displayName: 'Callguard',
    description: 'Keeps keys in the older layout.',
    code: `exports.activate = async ({ secrets }) => {
      for (const [provider, value] of Object.entries(${JSON.stringify(keys)})) {
        await secrets.store('callguard.apiKey.' + provider, value);
      }
      require('vscode').window.showInformationMessage(${JSON.stringify(olderVersionIsReady)});
    };\n`,
  });
}
