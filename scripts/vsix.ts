import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { inCache } from './paths.ts';
import { runOrThrow } from './run.ts';

export const callguardVsix = inCache('callguard.vsix');

/**
 * Packages the extension in a folder. Needs no network and asks nothing, as long as standard output is no terminal.
 *
 * `vscode:prepublish` builds the bundle for production first.
 */
export async function packageVsix(folder: string, file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const vsce = path.join(import.meta.dirname, '..', 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license'];
  return runOrThrow(
    process.execPath,
    [vsce, 'package', ...options, '--no-rewrite-relative-links', '--out', file],
    {
      cwd: folder,
    },
  );
}
