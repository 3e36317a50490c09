import type { Providers } from '../providers/config/provider-config.ts';
import type { KeyState } from '../vault/vault-refusal.ts';
import type { Vault } from '../vault/vault.ts';

export interface KeyStatePorts {
  readonly settings: { readonly current: { readonly providers: Providers } };
  readonly vault: Pick<Vault, 'state' | 'refusalOfEveryCall'>;
}

/** The key's state for every provider that can have one. While no call can be made, every provider has that state. */
export async function readKeyStates({ settings, vault }: KeyStatePorts): Promise<Map<string, KeyState>> {
  const states = new Map<string, KeyState>();
  const closed = await vault.refusalOfEveryCall();
  for (const { id, origin } of settings.current.providers.usable.values()) {
    const state = origin === undefined ? closed : await vault.state(id, origin);
    if (state !== undefined) states.set(id, state);
  }
  return states;
}
