import assert from 'node:assert/strict';
import path from 'node:path';
import { UsageFeed } from '../../../src/observe/usage-report/feed.ts';
import type { ReportSettings, UsageView } from '../../../src/observe/usage-report/query.ts';
import type { ThreadMessage } from '../../../src/observe/usage-report/report-thread-program.ts';
import { DisposableStore } from '../../../src/shared/disposable.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  admitted,
  folder,
  letGoAfterEach,
  noonMs,
  openWindow,
  type Window,
} from '../ledger/ledger-fixture.ts';
import { completed } from '../ledger/ledger-requests.ts';

const script = path.join(import.meta.dirname, '../../../src/observe/usage-report/report-thread-program.ts');
const settings: ReportSettings = { providers: [], limits: [], workspaceLimits: {}, tenant: 'default' };
const week: UsageView = { range: '7d', stackBy: 'provider' };

let owned = new DisposableStore();

/** The feed of a window and its messages. */
function feedOf(window: Window, file: string, thread = script) {
  const said: ThreadMessage[] = [];
  let wake: () => void = () => undefined;
  const onMessage = (message: ThreadMessage) => {
    said.push(message);
    wake();
  };
  const { store, clock } = window;
  // The settings are read again for each question.
  let questions = 0;
  const settingsNow = () => {
    questions += 1;
    return settings;
  };
  const feed = owned.add(
    new UsageFeed({ store, file, script: thread, settings: settingsNow, clock, onMessage }),
  );
  const next = async (): Promise<ThreadMessage> => {
    for (;;) {
      const message = said.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { feed, next, questions: () => questions, said, requests: async () => requestsOf(await next()) };
}

function requestsOf(message: ThreadMessage): number | null | undefined {
  assert.equal(message.kind, 'report', JSON.stringify(message));
  return message.report.tiles[0]?.value;
}

async function call(window: Window): Promise<void> {
  await window.ledger.settle(await admitted(window), completed());
}

describe('UsageFeed', () => {
  letGoAfterEach();

  let file: string;
  let window: Window<FakeClock>;

  beforeEach(async () => {
    file = path.join(folder(), 'ledger.db');
    window = await openWindow(file, new FakeClock(noonMs));
  });

  afterEach(() => {
    owned.dispose();
    owned = new DisposableStore();
  });

  it('sends a report at once, and another after this window has written', async () => {
    await call(window);
    const { feed, requests } = feedOf(window, file);
    feed.show(week);
    assert.equal(await requests(), 1);
    await call(window);
    await window.clock.advance(1_000);
    assert.equal(await requests(), 2);
  });

  it('sends a report after another window has written', async () => {
    const other = await openWindow(file, new FakeClock(noonMs));
    const { feed, requests } = feedOf(window, file);
    feed.show(week);
    assert.equal(await requests(), 0);
    await call(other);
    await window.clock.advance(2_000);
    assert.equal(await requests(), 1);
  });

  it('asks at most once a second, however often something is written', async () => {
    const { feed, questions, requests } = feedOf(window, file);
    feed.show(week);
    assert.equal(await requests(), 0);
    for (let n = 0; n < 5; n++) await call(window);
    await window.clock.advance(999);
    assert.equal(questions(), 1);
    await window.clock.advance(1);
    assert.equal(await requests(), 5);
    assert.equal(questions(), 2);
  });

  it('completes a partial report of very many calls once, without being asked', async () => {
    window.db
      .prepare(
        `INSERT INTO audit_row WITH RECURSIVE n(seq) AS (VALUES (1) UNION ALL SELECT seq + 1 FROM n LIMIT 9000)
         SELECT seq, ?, 'call', '{}', 'key-1', x'00' FROM n`,
      )
      .run(noonMs);
    const { feed, next, said } = feedOf(window, file);
    const isPartial = async () => {
      const message = await next();
      return message.kind === 'report' && message.report.partial;
    };
    feed.show(week);
    assert.deepEqual([await isPartial(), await isPartial()], [true, false]);
    feed.show(week);
    assert.equal(await isPartial(), false);
    assert.deepEqual(said, []);
  });

  it('asks nothing while paused, and is up to date after it resumes', async () => {
    const { feed, questions, requests } = feedOf(window, file);
    feed.show(week);
    await requests();
    feed.pause();
    await call(window);
    await window.clock.advance(10_000);
    assert.equal(questions(), 1);
    feed.show(week);
    assert.equal(await requests(), 1);
  });

  it('answers for another view at once', async () => {
    const { feed, next } = feedOf(window, file);
    feed.show(week);
    await next();
    feed.show({ ...week, range: '90d' });
    const message = await next();
    assert.equal(message.kind === 'report' && message.report.buckets.length, 90);
  });

  it('sends a report when a new day begins', async () => {
    const evening = await openWindow(file, new FakeClock(Date.UTC(2026, 0, 15, 23, 59, 58)));
    await call(evening);
    const { feed, requests } = feedOf(evening, file);
    feed.show(week);
    assert.equal(await requests(), 1);
    await evening.clock.advance(2_000);
    assert.equal(await requests(), 0);
  });

  it('sends what the thread could not read, and reads again when it can', async () => {
    const elsewhere = path.join(folder(), 'ledger.db');
    const { feed, next, requests } = feedOf(window, elsewhere);
    feed.show(week);
    const message = await next();
    assert.equal(message.kind, 'problem');
    assert.match(String(message.error), /unable to open database file/);
    await openWindow(elsewhere, new FakeClock(noonMs));
    feed.show(week);
    assert.equal(await requests(), 0);
  });

  it('sends that the thread died', async () => {
    const { feed, next } = feedOf(window, file, path.join(folder(), 'nothing.ts'));
    feed.show(week);
    assert.equal((await next()).kind, 'problem');
    feed.show(week);
    assert.equal((await next()).kind, 'problem');
  });
});
