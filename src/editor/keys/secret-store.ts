import type { SecretStorage } from 'vscode';
import type { LogSink } from '../../redaction/redacted-log.ts';
import { toDisposable } from '../../shared/disposable.ts';
import type { SecretStore } from '../../vault/vault-ports.ts';

/**
 * VS Code's SecretStorage as the vault's store. Some forks of VS Code have no `keys`, or do not let extensions use it, or do
 * not report changes.
 */
export function editorSecretStore(secrets: SecretStorage, log: Pick<LogSink, 'warn'>): SecretStore {
  const editor: Partial<SecretStorage> = secrets;
  let canList = typeof editor.keys === 'function';
  const warn = () => {
    log.warn('This editor cannot list stored secrets, so Callguard uses its own list of the stored keys.');
  };
  if (!canList) warn();
  return {
    get: async (name) => secrets.get(name),
    set: async (name, value) => {
      await secrets.store(name, value);
    },
    delete: async (name) => {
      await secrets.delete(name);
    },
    keys: async () => {
      if (!canList) return undefined;
      let listing;
      try {
        listing = secrets.keys();
      } catch {
        // A proposed API throws at once; a storage that fails rejects.
        canList = false;
        warn();
        return undefined;
      }
      return await listing;
    },
    onDidChange: (listener) => {
      try {
        return secrets.onDidChange(({ key }) => {
          listener(key);
        });
      } catch {
        log.warn(
          'This editor does not report changes of stored secrets, so Callguard sees a key of another window when it is used.',
        );
        return toDisposable(() => undefined);
      }
    },
  };
}
