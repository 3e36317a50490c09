import type { SecretStorage } from 'vscode';
import type { SecretStore } from '../../vault/vault-ports.ts';

/** VS Code's SecretStorage as the vault's store. */
export function editorSecretStore(secrets: SecretStorage): SecretStore {
  return {
    get: async (name) => secrets.get(name),
    set: async (name, value) => {
      await secrets.store(name, value);
    },
    delete: async (name) => {
      await secrets.delete(name);
    },
    keys: async () => secrets.keys(),
    onDidChange: (listener) =>
      secrets.onDidChange(({ key }) => {
        listener(key);
      }),
  };
}
