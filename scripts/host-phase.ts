import { launchBrowserForVscode } from '../test/support/vscode/browser.ts';
import { buildHostTests } from '../test/support/vscode/consumer.ts';
import { runHostSuite } from '../test/support/vscode/host-suite.ts';
import type { HostSuiteOptions, Subject } from '../test/support/vscode/host-suite.ts';
import type { TestEvent } from '../test/support/test-events.ts';
import { describeFailure } from './explained.ts';
import { selectFiles } from './mocha-phase.ts';
import type { Selection } from './mocha-phase.ts';
import { ensureVscodeServer } from './vscode-server.ts';

const subjects: readonly Subject[] = ['development', 'VSIX'];

/** Runs the host tests twice: with Callguard from the development folder, and as packaged. */
export async function runHostPhase(selection: Selection, send: (event: TestEvent) => void): Promise<void> {
  const files = await selectFiles('test/vscode/host', selection);
  if (files.length === 0) return;
  await buildHostTests(files);
  const { serverMain } = await ensureVscodeServer(console.log);
  const browser = await launchBrowserForVscode();
  try {
    // Side by side: most of the time they wait.
    await Promise.all(
      subjects.map((subject) => runSubject({ subject, serverMain, browser, grep: selection.grep, send })),
    );
  } finally {
    await browser.close();
  }
}

async function runSubject({ send, ...options }: HostSuiteOptions): Promise<void> {
  const { subject, grep } = options;
  let count = 0;
  const sendWithSubject = (event: TestEvent): void => {
    if (event.kind !== 'ended') count++;
    send('title' in event ? { ...event, title: `[${subject}] ${event.title}` } : event);
  };
  try {
    await runHostSuite({ ...options, send: sendWithSubject });
    if (count === 0 && grep === '') throw new Error('No test ran.');
  } catch (failure) {
    send({ kind: 'failed', title: `[${subject}]`, details: describeFailure(failure) });
  }
}
