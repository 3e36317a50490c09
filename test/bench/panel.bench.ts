import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { UsageFeed } from '../../src/observe/usage-report/feed.ts';
import type { ReportSettings, UsageView } from '../../src/observe/usage-report/query.ts';
import type { ThreadMessage } from '../../src/observe/usage-report/report-thread-program.ts';
import { systemClock as clock } from '../../src/shared/clock.ts';
import { systemRandom as random } from '../../src/shared/random.ts';
import type { UsageReport } from '../../src/panel/panel-messages.ts';
import { PanelTrial } from '../support/panel/panel-trial.ts';
import type { Bench } from './bench.ts';
import { openTestLedger } from '../support/open-ledger.ts';

const days = 90;
const providers = 10;
const models = 50;
const calls = 1_000_000;
const dayMs = 86_400_000;

const thread = path.join(import.meta.dirname, '../../src/observe/usage-report/report-thread-program.ts');
const limits = { requestsPerDay: 100_000, tokensPerDay: 100_000_000, usdPerMonth: 1e9 };
const settings: ReportSettings = {
  providers: Array.from({ length: providers }, (_, n) => ({ id: `provider-${n}`, models: [], limits })),
  limits: [{ scope: { tenant: '*', model: '*' }, limits: { requestsPerDay: 10_000 } }],
  workspaceLimits: {},
  tenant: 'default',
};
const view: UsageView = { range: '90d', stackBy: 'model' };

interface Seeded {
  readonly file: string;
  /** The thread's program as it is shipped: one that has to strip types first takes three times as long to start. */
  readonly script: string;
  readonly store: LedgerStore;
  dispose: () => void;
}

/** A ledger of `days` × `providers` × `models`, and as many calls in its audit trail as it will hold. */
async function seed(): Promise<Seeded> {
  const folder = mkdtempSync(path.join(tmpdir(), 'callguard-bench-'));
  const file = path.join(folder, 'ledger.db');
  const { db, store, dispose } = await openTestLedger(file, { clock, random });
  const nowMs = clock.nowMs();
  db.exec('BEGIN');
  db.prepare(
    `INSERT INTO usage (day, provider, model, tenant, requests, succeeded, input_tokens, output_tokens, cost_micro_usd)
     SELECT date(?, 'unixepoch', -ago.value || ' days'), 'provider-' || p.value, 'model-' || m.value, 'default',
       22, 22, 2200, 440, 3080
     FROM json_each(?) AS ago, json_each(?) AS p, json_each(?) AS m`,
  ).run(Math.floor(nowMs / 1_000), numbersBelow(days), numbersBelow(providers), numbersBelow(models));
  db.prepare(
    `INSERT INTO audit_row
     WITH RECURSIVE n(seq) AS (VALUES (1) UNION ALL SELECT seq + 1 FROM n LIMIT ?)
     SELECT seq, CAST(? - (? - seq) * ? AS INTEGER), 'call', json_object('callId', '9b2f6a52-0c2f-4d4e-9d55-0f6f4a3f2a11',
       'tenant', 'default', 'frontDoor', 'ask', 'provider', 'provider-' || (seq % ?), 'model', 'model-' || (seq / 10 % ?),
       'outcome', iif(seq % 20 = 0, 'refused', 'done'), 'reason', iif(seq % 20 = 0, 'cap', NULL), 'attempts', 1,
       'retries', 0, 'status', 200, 'usage', json_object('requests', iif(seq % 20 = 0, 0, 1), 'inputTokens', 100,
       'cachedInputTokens', 0, 'outputTokens', 20, 'costMicroUsd', 140, 'estimated', json('false')),
       'headersMs', 120.5, 'firstContentMs', 200.25 + seq % 977, 'totalMs', 900.75 + seq % 7919), 'key-1', zeroblob(32)
     FROM n`,
  ).run(calls, nowMs, calls, (days * dayMs) / calls, providers, models);
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  const script = path.join(folder, 'thread.cjs');
  await build({
    entryPoints: [thread],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
  });
  return {
    file,
    script,
    store,
    dispose: () => {
      dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function numbersBelow(end: number): string {
  return JSON.stringify(Array.from({ length: end }, (_, n) => n));
}

/** A feed, and a way to wait for its next message. */
function feedOf({ file, script, store }: Seeded) {
  let tell: (message: ThreadMessage) => void = () => undefined;
  const feed = new UsageFeed({
    store,
    file,
    script,
    settings: () => settings,
    clock,
    onMessage: (message) => {
      // As VS Code does with what is posted to a page.
      JSON.stringify(message);
      tell(message);
    },
  });
  const report = async (isEnough: (message: ThreadMessage) => boolean) => {
    const answered = new Promise<UsageReport>((resolve, reject) => {
      tell = (message) => {
        if (message.kind === 'problem') reject(new Error('no report', { cause: message.error }));
        else if (isEnough(message)) resolve(message.report);
      };
    });
    feed.show(view);
    return answered;
  };
  return { feed, report };
}

/** What a window shows at once; the other models of the table follow, a turn at a time. */
const inSight = { tiles: 4, charts: 5, rows: 7 };
const what = `${days} days, ${providers} providers, ${models} models each, ${calls.toLocaleString('en-US')} calls`;

export const benches: Bench[] = [
  {
    name: `the usage panel, opened: from nothing to the first report: ${what}`,
    unit: 'µs',
    goal: { atMost: 300_000 },
    opsPerRound: 1,
    prepare: async () => {
      const seeded = await seed();
      const once = async () => {
        const { feed, report } = feedOf(seeded);
        await report(() => true);
        feed.dispose();
      };
      return { ours: { name: 'callguard', once }, peers: [], dispose: seeded.dispose };
    },
  },
  {
    name: `the usage panel, opened: from nothing to the picture, in a browser that is open: ${what}`,
    unit: 'µs',
    goal: { atMost: 300_000 },
    opsPerRound: 1,
    prepare: async () => {
      const [seeded, trial] = await Promise.all([seed(), PanelTrial.start()]);
      const kept = { view, sort: { column: 'requests', descending: true }, tables: [] };
      const panel = await trial.open({ state: kept });
      const address = panel.page.url();
      const once = async () => {
        const { feed, report } = feedOf(seeded);
        // The thread begins while the page loads, as in VS Code.
        const [first] = await Promise.all([report(() => true), panel.page.goto(address)]);
        await panel.report(first);
        feed.dispose();
      };
      // The page that was there before is no part of opening one.
      const tidy = async () => {
        const count = (selector: string) => panel.page.locator(selector).count();
        const [tiles, charts, rows] = await Promise.all(
          ['.tile', '.chart canvas', '.models tbody tr'].map(count),
        );
        const shown = { tiles, charts, rows: Math.min(rows ?? 0, inSight.rows) };
        assert.deepEqual(shown, inSight, 'what the page shows');
        await panel.page.goto(new URL('/nothing', address).href);
      };
      const dispose = () => {
        seeded.dispose();
        void trial.stop();
      };
      return { ours: { name: 'callguard', once, tidy }, peers: [], dispose };
    },
  },
  {
    name: `the usage panel, refreshed: what it costs the extension host: ${what}`,
    unit: 'µs',
    goal: { atMost: 5_000 },
    measures: 'thread',
    opsPerRound: 1,
    prepare: async () => {
      const seeded = await seed();
      const { feed, report } = feedOf(seeded);
      await report((message) => message.kind === 'report' && !message.report.partial);
      const dispose = () => {
        feed.dispose();
        seeded.dispose();
      };
      return { ours: { name: 'callguard', once: () => report(() => true) }, peers: [], dispose };
    },
  },
];
