import type { DatabaseSync } from 'node:sqlite';
import type { AuditKey } from '../audit/audit-key.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { AdmissionTable } from './admission-table.ts';
import { ClockShift } from './clock-shift.ts';
import { CounterTable } from './counter-table.ts';
import { GatewayTable } from './gateway-table.ts';
import { LockTable } from './lock-table.ts';
import { ManifestTable } from './manifest-table.ts';
import { PartUsageTable } from './part-usage-table.ts';
import { ProviderTable } from './provider-table.ts';
import { SessionUseTable } from './session-use-table.ts';
import { SettledCalls } from './settled-calls.ts';
import { TokenTable } from './token-table.ts';
import { UsageTable } from './usage-table.ts';

/** All tables of one open ledger. Only this room sees them; every change goes through a transaction. */
export class LedgerTables {
  readonly admissions: AdmissionTable;
  readonly settledCalls: SettledCalls;
  readonly usage: UsageTable;
  readonly parts: PartUsageTable;
  readonly sessions: SessionUseTable;
  readonly counters: CounterTable;
  readonly providers: ProviderTable;
  readonly manifest: ManifestTable;
  readonly locks: LockTable;
  readonly gateway: GatewayTable;
  readonly tokens: TokenTable;
  readonly audit: AuditTrail;
  readonly clockShift: ClockShift;

  constructor(db: DatabaseSync, auditKey: () => AuditKey) {
    this.admissions = new AdmissionTable(db);
    this.usage = new UsageTable(db);
    this.parts = new PartUsageTable(db);
    this.sessions = new SessionUseTable(db);
    this.settledCalls = new SettledCalls(db, [this.parts, this.sessions]);
    this.counters = new CounterTable(db);
    this.providers = new ProviderTable(db);
    this.manifest = new ManifestTable(db);
    this.locks = new LockTable(db);
    this.gateway = new GatewayTable(db);
    this.tokens = new TokenTable(db);
    this.audit = new AuditTrail(db, auditKey);
    this.clockShift = new ClockShift(db);
  }
}
