// Runs the host tests in the desktop VS Code, which @vscode/test-electron downloads.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import {
  buildConsumer,
  buildHostTests,
  consumerFolder,
  hostTestsFile,
} from '../test/support/vscode/consumer.ts';
import { testEnvironment } from '../test/support/vscode/environment.ts';
import { listenForEvents } from '../test/support/vscode/event-server.ts';
import { makeHostWorkspace } from '../test/support/vscode/host-workspace.ts';
import { Explained, runMain } from './explained.ts';
import { selectFiles } from './mocha-phase.ts';
import { inCache, root } from './paths.ts';
import { runOrThrow } from './run.ts';
import { Tally } from './tally.ts';

const silenceMs = 150_000;

await runMain(async () => {
  const executable = await download();
  await runOrThrow(process.execPath, ['esbuild.mjs']);
  await buildConsumer();
  await buildHostTests(await selectFiles('test/vscode/host', { files: [], grep: '' }));
  const folder = await mkdtemp(path.join(tmpdir(), 'callguard-desktop-'));
  const extensions = path.join(folder, 'extensions');
  const consumer = path.join(extensions, 'callguard-tests.consumer-0.0.1');
  await cp(consumerFolder, consumer, { recursive: true });
  const workspace = await makeHostWorkspace(folder);
  const tally = new Tally();
  const events = await listenForEvents(silenceMs, (event) => {
    tally.add('desktop', event);
  });
  try {
    const ran = runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: hostTestsFile(consumer),
      extensionTestsEnv: {
        ...testEnvironment,
        CALLGUARD_TEST_PORT: String(events.port),
        CALLGUARD_TEST_SUBJECT: 'development',
      },
      launchArgs: [
        workspace,
        ...['--user-data-dir', path.join(folder, 'data'), '--extensions-dir', extensions],
        ...['--disable-workspace-trust', '--disable-telemetry', '--skip-welcome'],
      ],
    });
    await Promise.all([ran, events.ended]);
  } finally {
    events.close();
    await rm(folder, { recursive: true, force: true });
  }
  if (!tally.close()) process.exitCode = 1;
});

async function download(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ cachePath: inCache('vscode-desktop') });
  } catch (failure) {
    throw new Explained(
      `VS Code for the desktop cannot be downloaded (${failure instanceof Error ? failure.message : String(failure)}). \`npm test -- host\` runs the same tests in the VS Code server.`,
      { cause: failure },
    );
  }
}
