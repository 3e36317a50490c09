import type { KeyState } from '../vault/refusal.ts';
import type { CommandContext } from './command.ts';

/** The vault's word on the key of every provider that can have one. */
export async function readKeyStates({
  settings,
  vault,
}: Pick<CommandContext, 'settings' | 'vault'>): Promise<Map<string, KeyState>> {
  const states = new Map<string, KeyState>();
  for (const { id, origin } of settings.current.providers.usable.values()) {
    if (origin !== undefined) states.set(id, await vault.state(id, origin));
  }
  return states;
}
