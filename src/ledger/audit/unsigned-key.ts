import type { AuditKey } from './audit-trail.ts';

/** What rows are signed with while there is no master key. It proves nothing, and says so by its name. */
export const unsigned: AuditKey = { id: 'unsigned', key: Buffer.alloc(32) };
