// Takes the pictures of the usage panel's page that are to be looked at before a change of it is called done.
import path from 'node:path';
import type { PanelMessage } from '../src/panel/panel-messages.ts';
import { PanelTrial, type PanelOptions } from '../test/support/panel/panel-trial.ts';
import { busyReport, emptyReport, hostileReport, withoutCalls } from '../test/support/panel/reports.ts';
import { runMain } from './explained.ts';
import { inCache } from './paths.ts';

const busy = busyReport();
const saved = (changes: object) => ({
  view: busy.view,
  sort: { column: 'requests', descending: true },
  tables: [],
  ...changes,
});
const report = (shown: typeof busy): PanelMessage => ({ kind: 'report', report: shown });
const problem: PanelMessage = {
  kind: 'problem',
  message: 'The ledger cannot be read: database disk image is malformed (SQLITE_CORRUPT)',
};

const pictures: Record<string, { messages: PanelMessage[]; options?: PanelOptions }> = {
  busy: { messages: [report(busy)], options: { state: saved({}), height: 1240 } },
  tables: {
    messages: [report(busy)],
    options: {
      state: saved({ tables: ['requests', 'tokens', 'cost', 'duration', 'firstContent'] }),
      height: 1240,
    },
  },
  narrow: { messages: [report(busy)], options: { state: saved({}), width: 320, height: 2600 } },
  empty: { messages: [report(emptyReport())] },
  idle: { messages: [report(withoutCalls())] },
  hostile: { messages: [report(hostileReport())], options: { height: 1240 } },
  broken: { messages: [report(busy), problem], options: { state: saved({}) } },
  unreadable: { messages: [problem] },
  loading: { messages: [] },
};

await runMain(async () => {
  const wanted = process.argv.slice(2);
  const trial = await PanelTrial.start();
  try {
    for (const [name, { messages, options }] of Object.entries(pictures)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
        const panel = await trial.open({ ...options, theme });
        for (const message of messages) await panel.send(message);
        const file = inCache('screenshots', `panel-${name}-${theme}.png`);
        await panel.page.screenshot({ path: file });
        console.log(
          path.relative('.', file),
          panel.errors.join('; '),
          JSON.stringify(await panel.policyViolations()),
        );
        await panel.close();
      }
    }
  } finally {
    await trial.stop();
  }
});
