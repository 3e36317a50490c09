import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { PageHost } from '../../../src/editor/usage-panel/page-host.ts';
import { readAuditRows } from '../../../src/observe/audit-filter.ts';
import { parseSavedState } from '../../../src/panel/page/saved-state.ts';
import { panelMessageSchema, requestSchema } from '../../../src/panel/panel-messages.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { anyJson, fuzz, nearly } from '../../support/fuzz.ts';
import { folder, letGo, noonMs, openWindow, type Window } from '../ledger/ledger-fixture.ts';

const view = { range: '7d', stackBy: 'provider', tenant: 'a', provider: 'acme', model: 'm' };
const messages = fc.oneof(
  anyJson,
  nearly({ kind: 'show', view }),
  nearly({
    kind: 'openCalls',
    filter: { fromMs: 0, toMs: noonMs, tenant: 'a', outcome: 'failed', reason: 'cap' },
  }),
  nearly({ kind: 'run', action: 'showLog' }),
);
const script = path.join(import.meta.dirname, '../../../src/observe/usage-report/report-thread-program.ts');

describe('Fuzz: messages of the usage panel', () => {
  let window: Window;
  let host: PageHost;
  const warnings: string[] = [];
  const commands: string[] = [];
  before(async () => {
    const file = path.join(folder(), 'ledger.db');
    window = await openWindow(file, new FakeClock(noonMs));
    host = new PageHost({
      ledger: Promise.resolve(window.store),
      ledgerFile: file,
      clock: window.clock,
      settings: {
        current: { limits: [], workspaceLimits: {}, tenant: 'default', providers: parseProviders({}) },
        onDidChange: () => ({ dispose: () => undefined }),
      },
      log: {
        warn: (message) => warnings.push(message),
        error: (message, error) => warnings.push(`${message} ${String(error)}`),
        clean: (text) => text,
      },
      script,
      state: undefined,
      post: (message) => {
        panelMessageSchema.parse(message);
      },
      runCommand: (id) => Promise.resolve(void commands.push(id)),
      showCalls: async (store, filter) => {
        await readAuditRows(store, filter, 10);
      },
    });
  });
  after(() => {
    host.dispose();
    letGo();
  });

  fuzz(
    'any message is answered or refused, runs no other command, and is not quoted at length in the log',
    400,
    fc.asyncProperty(messages, async (message) => {
      warnings.length = 0;
      commands.length = 0;
      await host.receive(message);
      if (!requestSchema.safeParse(message).success) {
        assert.equal(warnings.length, 1);
        assert.ok((warnings[0]?.length ?? 0) < 4_000);
      }
      for (const id of commands)
        assert.ok(['callguard.configureProvider', 'callguard.trySandbox', 'callguard.showLog'].includes(id));
    }),
  );

  fuzz(
    'any saved state is read, and reading it again changes nothing',
    400,
    fc.property(
      fc.oneof(anyJson, nearly({ view, sort: { column: 'requests', descending: true }, tables: ['cost'] })),
      (kept) => {
        const again = (state: unknown) =>
          parseSavedState((JSON.parse(JSON.stringify({ state })) as { state?: unknown }).state);
        const state = again(kept);
        assert.deepEqual(again(state), state);
      },
    ),
  );
});
