import { mkdir } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { installExtension, settingsFile, startCodeServer } from './code-server.ts';
import type { RunningServer } from './code-server.ts';
import { demoFolder, demoWorkspace, prepareDemo } from './demo.ts';
import { checkCodeIsThere, openInDesktop } from './desktop.ts';
import { Explained, runMain } from './explained.ts';
import { openInBrowser } from './open-in-browser.ts';
import { root } from './paths.ts';
import { checkPortIsFree, parsePort } from './port.ts';
import { ensureVscodeServer } from './vscode-server.ts';
import { callguardVsix, packageVsix } from './vsix.ts';

// The address is the browser's key to the secrets that VS Code keeps, so it stays the same from start to start.
const defaultPort = 8347;

await runMain(async () => {
  const { port, desktop } = readArguments();
  await (desktop ? checkCodeIsThere() : checkPortIsFree(port));
  console.log('Building and packaging Callguard …');
  await packageVsix(root, callguardVsix);
  if (desktop) await openInDesktop(callguardVsix);
  else await openInServer(port);
});

function readArguments(): { port: number; desktop: boolean } {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, desktop: { type: 'boolean', default: false } },
    });
    return {
      port: values.port === undefined ? defaultPort : parsePort(values.port),
      desktop: values.desktop,
    };
  } catch (failure) {
    if (failure instanceof TypeError) throw new Explained(failure.message, { cause: failure });
    throw failure;
  }
}

async function openInServer(port: number): Promise<void> {
  const server = await ensureVscodeServer(console.log);
  const home = { entry: server.entry, folder: demoFolder };
  await mkdir(demoFolder, { recursive: true });
  await prepareDemo(settingsFile(home));
  console.log('Installing Callguard in the VS Code server …');
  await installExtension(home, callguardVsix);
  const running = await startCodeServer(home, { port, workspaceTrust: false });
  const url = `${running.url}/?folder=${encodeURIComponent(demoWorkspace)}`;
  console.log(`\nVS Code with Callguard:  ${url}\n`);
  const opened = await openInBrowser(url);
  console.log(
    `${opened ? '' : 'No browser could be opened. Open the address in your browser. '}Press Ctrl+C to stop.`,
  );
  await untilEnded(running);
}

/** Waits for Ctrl-C and its like, or for the server's own end, and leaves no process behind. */
async function untilEnded(running: RunningServer): Promise<void> {
  const ended = await new Promise<'asked' | 'crashed'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve('asked');
      });
    }
    running.group.leader.once('exit', () => {
      resolve('crashed');
    });
  });
  await running.stop();
  if (ended === 'crashed')
    throw new Explained(`The VS Code server stopped unexpectedly:\n${running.output().trimEnd()}`);
}
