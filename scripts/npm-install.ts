import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Explained } from './explained.ts';
import { run } from './run.ts';

const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1'];
const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/;

/** Installs packages into a folder that is no project, without running any script of theirs. */
export async function installPackages(folder: string, packages: readonly string[]): Promise<void> {
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  await npmInstall(folder, packages);
}

/** Runs `npm install` in a folder, without running any script of what is installed. */
export async function npmInstall(folder: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run('npm', ['install', '--ignore-scripts', ...quiet, ...args], {
    cwd: folder,
  });
  if (code !== 0) throw new Explained(whyNotInstalled(args.join(' '), output));
}

/** What to tell a person of a failure of npm's. */
export function whyNotInstalled(what: string, output: string): string {
  return unreachable.test(output)
    ? 'The npm registry cannot be reached, and the packages are not in the cache. Check your network connection and try again.'
    : `npm could not install ${what}:\n${output.trimEnd()}`;
}
