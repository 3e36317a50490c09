import { Emitter } from '../shared/emitter.ts';
import type { SecretStore } from '../vault/vault-ports.ts';

/** A secret store that lasts as long as the process. */
export function createMemorySecrets(): SecretStore {
  const rows = new Map<string, string>();
  const changed = new Emitter<string>();
  return {
    get: (name) => Promise.resolve(rows.get(name)),
    set: (name, value) => {
      rows.set(name, value);
      changed.fire(name);
      return Promise.resolve();
    },
    delete: (name) => {
      rows.delete(name);
      changed.fire(name);
      return Promise.resolve();
    },
    keys: () => Promise.resolve([...rows.keys()]),
    onDidChange: changed.event,
  };
}
