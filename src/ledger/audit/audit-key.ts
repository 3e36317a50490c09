import type { KeyRing } from '../../vault/key-ring.ts';

/** A key of the vault's key ring that signs the audit trail. */
export interface AuditKey {
  readonly id: string;
  readonly key: Buffer;
}

/** The key that signs rows while there is no master key. Such a signature proves nothing, so it is called unsigned. */
export const unsigned: AuditKey = { id: 'unsigned', key: Buffer.alloc(32) };

/** Without a master key every call is refused. The refusals are still recorded, but unsigned. */
export async function currentAuditKey(ring: Pick<KeyRing, 'loadForSealing'>): Promise<AuditKey> {
  const master = await ring.loadForSealing();
  if (!master.ok) return unsigned;
  const { kid, auditKey } = master.value.current;
  return { id: kid, key: auditKey };
}
