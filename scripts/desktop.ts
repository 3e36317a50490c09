import path from 'node:path';
import process from 'node:process';
import { demoFolder, demoWorkspace, prepareDemo } from './demo.ts';
import { Explained } from './explained.ts';
import { onPath } from './on-path.ts';
import { run } from './run.ts';

const isWindows = process.platform === 'win32';

export async function checkCodeIsThere(): Promise<void> {
  if ((await onPath(isWindows ? 'code.cmd' : 'code')) !== undefined) return;
  throw new Explained(
    'The `code` command is not on your PATH. Run "Shell Command: Install \'code\' command in PATH" in VS Code.',
  );
}

/** Opens the demo in the VS Code whose `code` is on the PATH, apart from the person's own settings and extensions. */
export async function openInDesktop(vsix: string): Promise<void> {
  const data = path.join(demoFolder, 'desktop-data');
  const own = ['--user-data-dir', data, '--extensions-dir', path.join(demoFolder, 'desktop-extensions')];
  await prepareDemo(path.join(data, 'User', 'settings.json'));
  await code([...own, '--install-extension', vsix, '--force']);
  await code([...own, '--new-window', demoWorkspace]);
  console.log('VS Code with Callguard is open. Close the window to stop it.');
}

async function code(args: readonly string[]): Promise<void> {
  // On Windows `code` is a batch file, which only a shell starts.
  const result = isWindows ? await run('cmd', ['/c', 'code', ...args]) : await run('code', args);
  if (result.code !== 0) throw new Explained(`\`code\` ended with code ${result.code}:\n${result.output}`);
}
