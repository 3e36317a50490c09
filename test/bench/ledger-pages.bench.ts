import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AdmitRequest } from '../../src/guard/ledger-port.ts';
import { createMemorySecrets } from '../../src/headless/memory-secrets.ts';
import { defaultLedgerSettings } from '../../src/ledger/ledger-settings.ts';
import { startLedger } from '../../src/ledger/start-ledger.ts';
import { systemClock, type Clock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { capOf, completed, recordOf, request } from '../integration/ledger/ledger-requests.ts';
import { testAuditKey, testRing } from '../support/open-ledger.ts';
import { judged, type ReadOff } from './bench.ts';

const calls = 640;
/** A page of the log has a header of 24 bytes: https://sqlite.org/fileformat2.html#the_write_ahead_log */
const frameBytes = 4_096 + 24;

const providers = ['openai', 'anthropic', 'google', 'openrouter', 'local'];
const models = ['large-2026-01-15', 'small-2026-01-15', 'mini'];
const tenants = ['default', 'team-a'];

/** What a call of the gateway has besides the usual caps. */
type Extra = Pick<AdmitRequest, 'caps' | 'token' | 'session'>;

const none: Extra = { caps: [] };
const withToken: Extra = {
  caps: [capOf('usdPerDay', 1e12, { token: { id: 'token-1', name: 'Claude Code' } })],
  token: 'token-1',
};
const withSession: Extra = {
  caps: [capOf('usdPerSession', 1e12, { session: 'AbCd-1234567' })],
  session: 'AbCd-1234567',
};

function callOf(n: number, extra: Extra): AdmitRequest {
  const at = (names: readonly string[]) => names[n % names.length] ?? '';
  const target = { provider: at(providers), model: at(models) };
  const usual = [capOf('requestsPerDay', 1e9, { provider: target.provider }), capOf('usdPerMonth', 1e12)];
  const caps = [...usual, ...extra.caps];
  return request({ ...extra, callId: randomUUID(), target, tenant: at(tenants), caps });
}

/** The system's clock, but `stepMs` later after each step. */
function steppingClock(stepMs: number): { clock: Clock; step: () => void } {
  let aheadMs = 0;
  const clock = {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + aheadMs,
    monotonicMs: () => systemClock.monotonicMs() + aheadMs,
  };
  return {
    clock,
    step: () => {
      aheadMs += stepMs;
    },
  };
}

/**
 * By how many pages the log grows with each admission and each settlement of a ledger that has its usual rows. Each
 * of them is `stepMs` after the one before.
 */
async function pagesOf(
  folder: string,
  stepMs: number,
  extra: Extra,
): Promise<{ admission: number; settlement: number }> {
  const file = path.join(folder, 'ledger.db');
  const { clock, step } = steppingClock(stepMs);
  const started = await startLedger({
    file,
    anchorFile: path.join(folder, 'anchor.json'),
    timeZone: 'UTC',
    settings: defaultLedgerSettings,
    clock,
    random: systemRandom,
    auditKey: () => testAuditKey,
    ring: testRing,
    secrets: createMemorySecrets(),
    onTrouble: (error) => {
      throw error;
    },
  });
  const pages = () => statSync(`${file}-wal`).size / frameBytes;
  const call = async (n: number) => {
    step();
    const before = pages();
    const admission = await started.ledger.admit(callOf(n, extra));
    if (!admission.ok) throw new Error(JSON.stringify(admission.error));
    const between = pages();
    step();
    const record = {
      ...recordOf(admission.value),
      headersMs: 812.4,
      firstContentMs: 1_204.9,
      totalMs: 9_377.1,
    };
    await started.ledger.settle(admission.value, completed(), record);
    return { admission: between - before, settlement: pages() - between };
  };
  // While it reads, the log is not begun again from its start.
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM sqlite_schema').get();
  try {
    const rows = providers.length * models.length * tenants.length;
    for (let n = 0; n < rows; n++) await call(n);
    const mean = { admission: 0, settlement: 0 };
    for (let n = 0; n < calls; n++) {
      const { admission, settlement } = await call(n);
      mean.admission += admission / calls;
      mean.settlement += settlement / calls;
    }
    return mean;
  } finally {
    reader.close();
    started.dispose();
  }
}

const name = 'ledger, pages written';

async function rowsOf(stepMs: number, when: string, bounds: typeof goals, extra = none) {
  const folder = mkdtempSync(path.join(tmpdir(), 'callguard-bench-'));
  const { admission, settlement } = await pagesOf(folder, stepMs, extra);
  rmSync(folder, { recursive: true, force: true });
  return [
    judged({ name: `${name} by an admission${when}`, unit: 'pages' }, admission, bounds.admission),
    judged({ name: `${name} by a settlement${when}`, unit: 'pages' }, settlement, bounds.settlement),
  ];
}

const goals = { admission: 2, settlement: 3 };
/** Such a cap may cost a page more. */
const withOneMore = { admission: 3, settlement: 4 };

export const benches: ReadOff[] = [
  {
    name,
    rows: async () => [
      ...(await rowsOf(0, '', goals)),
      ...(await rowsOf(1_000, ' of a slow call', goals)),
      ...(await rowsOf(0, " with a token's cap", withOneMore, withToken)),
      ...(await rowsOf(0, " with a session's cap", withOneMore, withSession)),
    ],
  },
];
