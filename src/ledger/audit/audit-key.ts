import type { KeyRing } from '../../vault/key-ring.ts';
import type { AuditKey } from './audit-trail.ts';

/** What rows are signed with while there is no master key. It proves nothing, and says so by its name. */
export const unsigned: AuditKey = { id: 'unsigned', key: Buffer.alloc(32) };

/** Without a master key every call is refused. The refusals are still recorded, but unsigned. */
export async function currentAuditKey(ring: Pick<KeyRing, 'loadForSealing'>): Promise<AuditKey> {
  const master = await ring.loadForSealing();
  if (!master.ok) return unsigned;
  const { kid, auditKey } = master.value.current;
  return { id: kid, key: auditKey };
}
