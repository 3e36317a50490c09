import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readActivity } from '../../src/observe/activity.ts';
import { readStatus } from '../../src/observe/status.ts';
import { parseProviders } from '../../src/providers/config/provider-config.ts';
import type { Usage } from '../../src/guard/ledger-port.ts';
import type { Bench } from './bench.ts';
import { openTestLedger } from '../support/open-ledger.ts';

const days = 90;
const providers = 10;
const models = 50;
const dayMs = 86_400_000;

const usage: Usage = {
  requests: 1,
  inputTokens: 100,
  cachedInputTokens: 0,
  outputTokens: 20,
  costMicroUsd: 140,
  estimated: false,
};

const limits = { requestsPerDay: 1_000, tokensPerDay: 1_000_000, usdPerMonth: 100 };
const ids = Array.from({ length: providers }, (_, n) => `provider-${n}`);

export const benches: Bench[] = [
  {
    name: 'what the views show, read anew: 90 days, 10 providers, 50 models each',
    unit: 'µs',
    goal: { atMost: 5_000 },
    opsPerRound: 5,
    prepare: async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'callguard-bench-'));
      const {
        store,
        tables,
        transactions,
        dispose: close,
      } = await openTestLedger(path.join(folder, 'ledger.db'));
      await transactions.write(({ nowMs }) => {
        for (let ago = 0; ago < days; ago++) {
          const day = store.days.dayOf(nowMs - ago * dayMs);
          for (const provider of ids) {
            for (let n = 0; n < models; n++) {
              tables.usage.charge(
                { day, provider, model: `model-${n}`, tenant: 'default' },
                usage,
                'succeeded',
              );
            }
          }
        }
      });
      const settings = {
        providers: parseProviders(Object.fromEntries(ids.map((id) => [id, { kind: 'openai', limits }]))),
        limits: [],
        workspaceModels: [],
        workspaceLimits: {},
      };
      const once = () =>
        Promise.resolve([readStatus(store, settings, 'default', new Map()), readActivity(store)]);
      const dispose = () => {
        close();
        rmSync(folder, { recursive: true, force: true });
      };
      return { ours: { name: 'callguard', once }, peers: [], dispose };
    },
  },
];
