import type { KeyState } from '../../vault/vault-refusal.ts';
import type { CommandContext } from '../command.ts';

/** The vault's word on the key of every provider that can have one, and on all while no call at all is made. */
export async function readKeyStates({
  settings,
  vault,
}: Pick<CommandContext, 'settings' | 'vault'>): Promise<Map<string, KeyState>> {
  const states = new Map<string, KeyState>();
  const closed = await vault.refusalOfEveryCall();
  for (const { id, origin } of settings.current.providers.usable.values()) {
    const state = origin === undefined ? closed : await vault.state(id, origin);
    if (state !== undefined) states.set(id, state);
  }
  return states;
}
