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
  const providers = [...settings.current.providers.usable.values()];
  // All at once, because a secret storage that does not answer takes its time for each of them.
  const found = await Promise.all(
    providers.map(async ({ id, origin }) => (origin === undefined ? closed : await vault.state(id, origin))),
  );
  for (const [at, { id }] of providers.entries()) {
    const state = found[at];
    if (state !== undefined) states.set(id, state);
  }
  return states;
}
