import type { KeyRing } from '../../vault/key-ring.ts';
import type { LedgerStore } from '../ledger-store.ts';
import { readAnchor } from './audit-anchor.ts';
import { verifyAudit, type AuditReport } from './verify-audit.ts';

/** Verifies the trail of this machine with every key of the ring and the anchor on disk. */
export async function verifyStoredAudit(
  store: LedgerStore,
  ring: Pick<KeyRing, 'auditKeys'>,
  anchorFile: string,
): Promise<AuditReport> {
  const keys = await ring.auditKeys();
  return await verifyAudit(store.audit, {
    findKey: (id) => (keys.ok ? keys.value.get(id) : undefined),
    anchor: await readAnchor(anchorFile),
  });
}
