import type { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import { readStatusDocument, type StatusSettings } from '../../../src/observe/status-document.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import type { KeyState } from '../../../src/vault/vault-refusal.ts';

/** Settings with these providers and nothing else. */
export function settingsOf(providers: object, changes: Partial<StatusSettings> = {}): StatusSettings {
  return {
    providers: parseProviders(providers),
    limits: [],
    workspaceModels: [],
    workspaceLimits: {},
    defaultModel: undefined,
    routes: new Map(),
    problems: [],
    ...changes,
  };
}

export const keySet: KeyState = {
  kind: 'set',
  kid: 'k',
  origin: 'https://api.openai.com',
  redactedKey: '****6789',
};

/** The source of the metrics. */
export function snapshotOf(store: LedgerStore, settings: StatusSettings) {
  const keys = new Map([...settings.providers.usable.keys()].map((id) => [id, keySet] as const));
  return { status: readStatusDocument(store, settings, keys), counters: store.counters.all() };
}
