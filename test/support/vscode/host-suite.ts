import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Browser } from 'playwright-core';
import { startServer } from '../../../scripts/code-server.ts';
import { root } from '../../../scripts/paths.ts';
import { runOrThrow } from '../../../scripts/run.ts';
import { callguardVsix } from '../../../scripts/vsix.ts';
import type { TestEvent } from '../test-events.ts';
import { consumerFolder, hostTestsFile } from './consumer.ts';
import { testEnvironment } from './environment.ts';
import { listenForEvents } from './event-server.ts';
import { makeHostWorkspace } from './host-workspace.ts';

// Of the start of two VS Codes on a busy machine, or of a test that hangs and the hook after it.
const silenceMs = 150_000;
const keptConsoleLines = 60;

/** Which Callguard is tested: the development folder, or the packaged VSIX. */
export type Subject = 'development' | 'VSIX';

export interface HostSuiteOptions {
  subject: Subject;
  serverMain: string;
  browser: Browser;
  grep: string;
  send: (event: TestEvent) => void;
}

/** Runs the bundled host tests inside the extension host of a real VS Code. */
export async function runHostSuite(options: HostSuiteOptions): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'callguard-host-'));
  const workspace = await makeHostWorkspace(folder);
  const events = await listenForEvents(silenceMs, options.send);
  try {
    const own = ['--server-data-dir', folder, '--extensions-dir', path.join(folder, 'extensions')];
    const loaded = await placeExtensions(options, folder, own);
    const server = await startServer(
      [options.serverMain, ...own, ...serverArgs],
      /Web UI available at (http:\/\/[\w.:]+)/,
      {
        ...testEnvironment,
        CALLGUARD_TEST_PORT: String(events.port),
        CALLGUARD_TEST_GREP: options.grep,
        CALLGUARD_TEST_SUBJECT: options.subject,
      },
    );
    const url = windowUrl(server.url.replace('localhost', '127.0.0.1'), workspace, loaded);
    const page = await options.browser.newPage();
    const consoleLines: string[] = [];
    page.on('console', (message) => {
      consoleLines.push(message.text());
      consoleLines.splice(0, consoleLines.length - keptConsoleLines);
    });
    try {
      await page.goto(url);
      await events.ended;
    } catch (failure) {
      throw new Error(`Of the window's console, the last lines:\n${consoleLines.join('\n')}`, {
        cause: failure,
      });
    } finally {
      await page.close();
      await server.stop();
    }
  } finally {
    events.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const serverArgs = [
  ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
  ...['--enable-smoke-test-driver', '--disable-telemetry', '--disable-workspace-trust'],
];

interface Loaded {
  underDevelopment: string;
  /** The consumer's folder, which also holds the tests. */
  consumer: string;
}

/**
 * A window takes one extension under development, and runs tests only if there is one: Callguard itself, or, when
 * the packaged Callguard is installed, the consumer.
 */
async function placeExtensions(
  { subject, serverMain }: HostSuiteOptions,
  folder: string,
  own: readonly string[],
): Promise<Loaded> {
  if (subject === 'VSIX') {
    await runOrThrow(process.execPath, [serverMain, ...own, '--install-extension', callguardVsix]);
    return { underDevelopment: consumerFolder, consumer: consumerFolder };
  }
  // What lies in the extensions folder before the first start counts as installed.
  const installed = path.join(folder, 'extensions', 'callguard-tests.consumer-0.0.1');
  await cp(consumerFolder, installed, { recursive: true });
  return { underDevelopment: root, consumer: installed };
}

function windowUrl(base: string, workspace: string, loaded: Loaded): string {
  const remote = (file: string): string => `vscode-remote://${new URL(base).host}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(loaded.underDevelopment)],
    ['extensionTestsPath', remote(hostTestsFile(loaded.consumer))],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ workspace, payload: JSON.stringify(payload) });
  return `${base}/?${query.toString()}`;
}
