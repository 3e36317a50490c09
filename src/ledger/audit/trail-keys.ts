import { keysOf, type KeyRing } from '../../vault/key-ring.ts';
import { unsigned, type AuditKey } from './audit-key.ts';

/** The keys that verify the trail. */
export interface TrailKeys {
  /** Undefined if the key ring does not have it any more. */
  find(keyId: string): Buffer | undefined;
  /** Whether someone who can write files can sign with it, so that its signature proves nothing. */
  isForgeable(keyId: string): boolean;
}

/**
 * The keys of the ring, and the one that signs now. With a master key in the environment, the keys that only the ring
 * file has prove nothing: someone who can write files can put a key of their own there.
 */
export async function loadTrailKeys(
  ring: Pick<KeyRing, 'load' | 'auditKeys'>,
  own: AuditKey,
): Promise<TrailKeys> {
  const [loaded, known] = await Promise.all([ring.load(), ring.auditKeys()]);
  const inEnvironment =
    loaded.ok && loaded.value.source === 'environment'
      ? new Set([own.id, ...keysOf(loaded.value).map(({ kid }) => kid)])
      : undefined;
  return {
    find: (keyId) => {
      if (keyId === unsigned.id) return unsigned.key;
      if (keyId === own.id) return own.key;
      return known.ok ? known.value.get(keyId) : undefined;
    },
    isForgeable: (keyId) => keyId === unsigned.id || inEnvironment?.has(keyId) === false,
  };
}
