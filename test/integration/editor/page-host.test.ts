import assert from 'node:assert/strict';
import path from 'node:path';
import { PageHost, type PageHostOptions } from '../../../src/editor/usage-panel/page-host.ts';
import { LedgerError } from '../../../src/ledger/db/ledger-error.ts';
import { panelMessageSchema, type PanelMessage, type View } from '../../../src/panel/panel-messages.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import { panelLimits } from '../../../src/shared/limits.ts';
import { DisposableStore } from '../../../src/shared/disposable.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { admitted, folder, letGoAfterEach, noonMs, openWindow } from '../ledger/ledger-fixture.ts';
import { completed } from '../ledger/ledger-requests.ts';

const script = path.join(import.meta.dirname, '../../../src/observe/usage-report/report-thread-program.ts');
const view: View = { range: '7d', stackBy: 'provider' };

let owned = new DisposableStore();

async function host(changes: Partial<PageHostOptions> = {}) {
  const file = path.join(folder(), 'ledger.db');
  const window = await openWindow(file, new FakeClock(noonMs));
  const posted: PanelMessage[] = [];
  const log: string[] = [];
  const done: unknown[] = [];
  let wake: () => void = () => undefined;
  const settingsChanged = new Emitter<undefined>();
  const current = {
    limits: [],
    workspaceLimits: {},
    tenant: 'default',
    providers: parseProviders({ acme: { kind: 'openai', limits: { requestsPerDay: 10 } } }),
  };
  const pageHost = owned.add(
    new PageHost({
      ledger: Promise.resolve(window.store),
      ledgerFile: file,
      clock: window.clock,
      settings: { current, onDidChange: settingsChanged.event },
      log: {
        warn: (message) => log.push(message),
        error: (message, error) => log.push(`${message} ${String(error)}`),
        clean: (text) => text.replaceAll('database', '***'),
      },
      script,
      state: undefined,
      post: (message) => {
        posted.push(message);
        wake();
      },
      runCommand: (id) => Promise.resolve(void done.push(id)),
      showCalls: (_store, filter) => Promise.resolve(void done.push(filter)),
      ...changes,
    }),
  );
  const next = async (): Promise<PanelMessage> => {
    for (;;) {
      const message = posted.shift();
      if (message !== undefined) return panelMessageSchema.parse(message);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { window, pageHost, posted, log, done, next, settingsChanged, current };
}

describe('PageHost', () => {
  letGoAfterEach();

  afterEach(() => {
    owned.dispose();
    owned = new DisposableStore();
  });

  it('answers with a report that the page accepts, for the same view', async () => {
    const { pageHost, next } = await host();
    await pageHost.receive({ kind: 'show', view });
    const message = await next();
    assert.equal(message.kind, 'report');
    assert.deepEqual(message.report.view, view);
    assert.deepEqual(message.report.choices.providers, ['acme']);
  });

  it('posts a report of the saved view while the page loads, and does not repeat it when the page asks', async () => {
    const kept: View = { range: '30d', stackBy: 'model' };
    const state = { view: kept, sort: { column: 'cost', descending: true }, tables: [] };
    const { pageHost, next, window, posted } = await host({ state });
    const message = await next();
    assert.equal(message.kind, 'report');
    assert.deepEqual(message.report.view, kept);
    await pageHost.receive({ kind: 'show', view: kept });
    await window.clock.advance(400);
    await pageHost.receive({ kind: 'show', view });
    const other = await next();
    assert.equal(other.kind === 'report' && other.report.view.range, view.range);
    assert.deepEqual(posted, []);
  });

  it('answers for the view that the page asks for, even if another one was read ahead', async () => {
    const { pageHost, next } = await host();
    const asked: View = { range: '90d', stackBy: 'provider' };
    await pageHost.receive({ kind: 'show', view: asked });
    let message = await next();
    // A report that was read ahead may come first. The page takes only the one that it asked for.
    while (message.kind === 'report' && message.report.view.range !== asked.range) message = await next();
    assert.equal(message.kind, 'report');
  });

  const malformed: [what: string, message: unknown][] = [
    ['nothing', undefined],
    ['a string', 'show'],
    ['an unknown kind', { kind: 'eval', code: 'alert(1)' }],
    ['an unknown range', { kind: 'show', view: { ...view, range: '10y' } }],
    ['an unknown command', { kind: 'run', action: 'workbench.action.terminal.new' }],
    ['a filter without its times', { kind: 'openCalls', filter: { provider: 'acme' } }],
    ['an unknown property', { kind: 'show', view, file: '/etc/passwd' }],
  ];
  for (const [what, message] of malformed) {
    it(`only logs when it receives ${what}`, async () => {
      const { pageHost, posted, log, done } = await host();
      await pageHost.receive(message);
      assert.match(log.join('\n'), /sent an invalid message/);
      assert.deepEqual([posted, done], [[], []]);
    });
  }

  it('runs the command of an action', async () => {
    const { pageHost, done } = await host();
    for (const action of ['setUpProvider', 'trySandbox', 'showLog']) {
      await pageHost.receive({ kind: 'run', action });
    }
    assert.deepEqual(done, ['callguard.configureProvider', 'callguard.trySandbox', 'callguard.showLog']);
  });

  it('shows the calls behind a number', async () => {
    const { pageHost, done } = await host();
    const filter = { fromMs: 1, toMs: 2, provider: 'acme', outcome: 'refused', reason: 'cap' };
    await pageHost.receive({ kind: 'openCalls', filter });
    const { outcome, ...others } = filter;
    assert.deepEqual(done, [{ kind: 'call', ...others, outcomes: [outcome] }]);
  });

  it('sends the reason when the ledger cannot be opened', async () => {
    const opening = Promise.reject(new LedgerError('the database is full'));
    // The page gets the error when it asks. Until then the rejection must not count as unhandled.
    opening.catch(() => undefined);
    const { pageHost, next } = await host({ ledger: opening });
    await pageHost.receive({ kind: 'show', view });
    assert.deepEqual(await next(), { kind: 'problem', message: 'the *** is full' });
  });

  it('logs and sends a failure of the report thread', async () => {
    const { pageHost, next, log } = await host({ ledgerFile: '/nowhere/callguard.db' });
    await pageHost.receive({ kind: 'show', view });
    assert.deepEqual(await next(), { kind: 'problem', message: 'unable to open *** file' });
    assert.match(log.join('\n'), /The usage could not be read\. Error: unable to open/);
  });

  it('sends another report when the settings change', async () => {
    const { pageHost, next, window, settingsChanged, current } = await host();
    await pageHost.receive({ kind: 'show', view });
    const capOf = (message: PanelMessage) => message.kind === 'report' && message.report.tiles[0]?.cap?.limit;
    assert.equal(capOf(await next()), 10);
    current.providers = parseProviders({ acme: { kind: 'openai', limits: { requestsPerDay: 20 } } });
    settingsChanged.fire(undefined);
    await window.clock.advance(1_000);
    assert.equal(capOf(await next()), 20);
  });

  it('reads nothing for a hidden page', async () => {
    const { pageHost, next, window, posted } = await host();
    await pageHost.receive({ kind: 'show', view });
    await next();
    pageHost.pause();
    await window.ledger.settle(await admitted(window), completed());
    await window.clock.advance(5_000);
    assert.deepEqual(posted, []);
    assert.equal(window.clock.pendingTimers, 1, 'more than the store’s own timer goes on');
  });

  const hostile: readonly [string, unknown][] = [
    ['a long name', { kind: 'show', view: { ...view, model: 'x'.repeat(10_000_000) } }],
    ['a million members', Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`n${at}`, at]))],
    ['a million values', Array.from({ length: 1_000_000 }, () => 0)],
    ['a hundred thousand levels', Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1)],
    ['a time that no date has', { kind: 'openCalls', filter: { fromMs: 0, toMs: 1e300 } }],
    ['no object', Symbol('message')],
  ];
  it('measures a message before it is checked', async () => {
    const { pageHost, log } = await host();
    const extra = Object.fromEntries(Array.from({ length: panelLimits.values }, (_, at) => [`n${at}`, at]));
    await pageHost.receive({ kind: 'run', action: 'showLog', extra });
    assert.deepEqual(log, ['The usage panel sent an invalid message: is too large']);
  });

  for (const [what, message] of hostile) {
    it(`refuses a message with ${what}, in one short line of the log`, async () => {
      const { pageHost, log, posted, done } = await host();
      await pageHost.receive(message);
      assert.equal(log.length, 1);
      assert.match(log[0] ?? '', /^The usage panel sent an invalid message: .{1,200}$/);
      assert.deepEqual([posted, done], [[], []]);
    });

    it(`starts as if it had no saved state if that has ${what}`, async () => {
      const { next } = await host({ state: message });
      const report = await next();
      assert.equal(report.kind === 'report' ? report.report.view.range : '', '7d');
    });
  }
});
