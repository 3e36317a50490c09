import type { SecretStorage } from 'vscode';
import type { LogSink } from '../../redaction/redacted-log.ts';
import type { SecretStore } from '../../vault/vault-ports.ts';

/** VS Code's SecretStorage as the vault's store. Some forks of VS Code have no `keys`. */
export function editorSecretStore(secrets: SecretStorage, log: Pick<LogSink, 'warn'>): SecretStore {
  const editor: Partial<SecretStorage> = secrets;
  const canList = typeof editor.keys === 'function';
  if (!canList)
    log.warn('This editor cannot list stored secrets, so Callguard uses its own list of the stored keys.');
  return {
    get: async (name) => secrets.get(name),
    set: async (name, value) => {
      await secrets.store(name, value);
    },
    delete: async (name) => {
      await secrets.delete(name);
    },
    keys: canList ? async () => secrets.keys() : undefined,
    onDidChange: (listener) =>
      secrets.onDidChange(({ key }) => {
        listener(key);
      }),
  };
}
