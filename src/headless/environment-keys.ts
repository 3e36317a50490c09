import type { Providers } from '../providers/config/provider-config.ts';
import type { Log } from '../shared/log.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { Secret } from '../shared/secret.ts';
import { parseBaseUrl } from '../vault/key-origin.ts';
import type { Vault } from '../vault/vault.ts';
import { describeVaultRefusal } from '../vault/vault-refusal.ts';

type Environment = Record<string, string | undefined>;

const keyPrefix = 'CALLGUARD_KEY_';

/** The variable that has a provider's key: `my-provider` is in `CALLGUARD_KEY_MY_PROVIDER`. */
export function keyVariable(provider: string): string {
  return keyPrefix + provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

/** What the environment has for Callguard. */
export interface TakenEnvironment {
  /** The provider keys, by their variables. */
  readonly keys: ReadonlyMap<string, Secret>;
  /** The `LLM_…` variables, which hold the master keys. */
  readonly masterKeys: Readonly<Record<string, string>>;
}

/** Takes the keys out of the environment, so that no child process and no crash report has them. */
export function takeEnvironment(env: Environment): TakenEnvironment {
  const keys = new Map<string, Secret>();
  const masterKeys: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(env)) {
    if (name.startsWith(keyPrefix) && value !== '') keys.set(name, new Secret(value));
    if (name.startsWith('LLM_')) masterKeys[name] = value;
    if (name.startsWith(keyPrefix) || name.startsWith('LLM_')) Reflect.deleteProperty(env, name);
  }
  return { keys, masterKeys };
}

/** Finds two providers whose keys would have one variable. */
export function sharedVariable({ usable, broken }: Providers): string | undefined {
  const ids = new Map<string, string>();
  for (const id of [...usable.keys(), ...broken.map((entry) => entry.id)]) {
    const variable = keyVariable(id);
    const other = ids.get(variable);
    if (other !== undefined) {
      return `The providers '${other}' and '${id}' have the same variable ${variable}. Rename one of them.`;
    }
    ids.set(variable, id);
  }
  return undefined;
}

/**
 * Seals each key for the address that its provider has now. An error says which key cannot be used; a key that no
 * provider uses is only logged.
 */
export async function sealKeys(
  keys: TakenEnvironment['keys'],
  { usable }: Providers,
  vault: Vault,
  log: Log,
): Promise<Result<undefined, string>> {
  const unused = new Set(keys.keys());
  for (const { id, origin, baseUrl } of usable.values()) {
    const variable = keyVariable(id);
    const key = keys.get(variable);
    if (key === undefined || origin === undefined) continue;
    unused.delete(variable);
    const parsed = parseBaseUrl(baseUrl ?? origin);
    if (!parsed.ok || parsed.value.key === 'confirm') {
      return err(`The key in ${variable} would be sent to ${origin} without encryption. Use https.`);
    }
    const sealed = await vault.set(id, origin, key);
    if (!sealed.ok) {
      return err(`The key in ${variable} could not be sealed. ${describeVaultRefusal(sealed.error).message}`);
    }
  }
  for (const variable of unused) log.warn(`No usable provider takes the key in ${variable}.`);
  return ok(undefined);
}
