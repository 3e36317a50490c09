import { rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { cachedFolder } from './cached-folder.ts';
import { Explained } from './explained.ts';
import { compileNativeModule } from './native-modules.ts';
import { installPackages, npmInstall } from './npm-install.ts';

/** The npm package that holds VS Code's server and workbench. 4.139 is VS Code 1.139. */
const version = '4.139.1';
const nodeGypVersion = '13.1.0';
const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

export interface VscodeServer {
  /** code-server's own entry: secrets last over reloads and windows, extensions are installed. */
  entry: string;
  /** VS Code's bare server: honours what a window's address says about extensions under development and tests. */
  serverMain: string;
  /** The folder of the extensions that come with VS Code. */
  builtInExtensions: string;
}

/** Gives the VS Code server from the cache, and fetches it if it is not there. */
export async function ensureVscodeServer(report: (line: string) => void): Promise<VscodeServer> {
  const platform = `${process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) {
    throw new Explained(
      `The VS Code server does not run on ${platform}. Use \`npm start -- --desktop\`, which starts the VS Code on your PATH.`,
    );
  }
  const nodeMajor = process.versions.node.split('.', 1).join('');
  // Native modules fit one major version of Node only.
  const folder = await cachedFolder(`code-server-${version}-node${nodeMajor}`, async (unfinished) => {
    await fetchServer(unfinished, platform, report);
  });
  const package_ = path.join(folder, 'node_modules', 'code-server');
  return {
    entry: path.join(package_, 'out', 'node', 'entry.js'),
    serverMain: path.join(package_, 'lib', 'vscode', 'out', 'server-main.js'),
    builtInExtensions: path.join(package_, 'lib', 'vscode', 'extensions'),
  };
}

async function fetchServer(folder: string, platform: string, report: (line: string) => void): Promise<void> {
  const inFolder = (...names: string[]): string => path.join(folder, 'node_modules', ...names);
  report(`Downloading the VS Code server (code-server ${version}, only once) …`);
  const headers = `node-${platform}`;
  await installPackages(folder, [
    `code-server@${version}`,
    `node-gyp@${nodeGypVersion}`,
    `${headers}@${process.versions.node}`,
  ]);
  report('Installing its dependencies …');
  const vscode = inFolder('code-server', 'lib', 'vscode');
  await npmInstall(vscode, ['--omit=dev']);
  // Without the watchdog extension tests do not start, without spdlog there are no log files. argon2, which
  // code-server's own entry wants, brings its binaries along.
  report('Compiling two native modules (about 20 s) …');
  const nodeGyp = inFolder('node-gyp', 'bin', 'node-gyp.js');
  for (const name of ['native-watchdog', 'spdlog']) {
    await compileNativeModule(path.join(vscode, 'node_modules', '@vscode', name), nodeGyp, inFolder(headers));
  }
  await rm(inFolder(headers), { recursive: true, force: true });
}
