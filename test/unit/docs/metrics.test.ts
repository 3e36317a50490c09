import assert from 'node:assert/strict';
import { metricsText } from '../../../src/observe/metrics/metrics.ts';
import { statusWithoutLedger } from '../../../src/observe/status-document.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import { codeIn, readPage, sorted, tableRowsIn } from '../../support/markdown.ts';

describe('docs/metrics.md', () => {
  it('names every metric with its type, and no other', async () => {
    const none = { providers: parseProviders({}), limits: [], workspaceModels: [], workspaceLimits: {} };
    const without = { ...none, defaultModel: undefined, routes: new Map(), problems: [] };
    const status = statusWithoutLedger(without, '', 0);
    const text = await metricsText({
      status: { ...status, ledger: { ok: true, problem: null, audit_head: 1 } },
      counters: new Map(),
    });
    const real = [...text.matchAll(/^# TYPE (\w+) (\w+)/gm)].map(([, name, type]) => `${name} ${type}`);
    const listed = tableRowsIn(readPage('docs/metrics.md')).map(
      ([name = '', type]) => `${codeIn(name)[0]} ${type}`,
    );
    assert.deepEqual(sorted(listed), sorted(real));
  });
});
