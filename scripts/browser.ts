import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { cachedFolder, exists } from './cached-folder.ts';
import { Explained } from './explained.ts';
import { installPackages } from './npm-install.ts';
import { onPath } from './on-path.ts';
import { run, runOrThrow } from './run.ts';

const packagedVersion = '153.0.0';
const commands = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** Chromium's arguments for a quiet and offline test run. */
const browserArgs = [
  // Chromium's sandbox refuses to run as root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export function launch(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [...browserArgs, ...more],
    // Signals end this process, whose end ends the browser. Playwright's own handlers would keep it alive.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** Processes inherit it, so that of all the tests' only the first looks. */
const variable = 'CALLGUARD_TEST_BROWSER';
let ensured: Promise<string> | undefined;

/** Gives the executable of a browser that was seen to start, and gets one if there is none. Looks once only. */
export async function ensureBrowser(report: (line: string) => void): Promise<string> {
  const inherited = process.env[variable];
  if (inherited !== undefined) return inherited;
  const found = await (ensured ??= findOrGetBrowser(report));
  process.env[variable] = found;
  return found;
}

async function findOrGetBrowser(report: (line: string) => void): Promise<string> {
  const installed = await installedBrowser();
  if (installed !== undefined) return installed;
  if (process.platform === 'linux' && process.arch === 'x64') {
    const packaged = await packagedBrowser(report);
    if (await starts(packaged)) return packaged;
  }
  if (process.getuid?.() === 0 && (await onPath('apt-get')) !== undefined) {
    report('Installing the Debian package chromium …');
    await run('apt-get', ['update'], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
    const chromiumFromDebian = await installedBrowser();
    if (chromiumFromDebian !== undefined) return chromiumFromDebian;
  }
  throw new Explained('The tests need a browser. Install Chrome, Chromium or Edge.');
}

async function installedBrowser(): Promise<string | undefined> {
  const found = await Promise.all([
    ...commands.map((command) => onPath(command)),
    ...applications.map(async (file) => ((await exists(file)) ? file : undefined)),
  ]);
  for (const file of found) {
    if (file !== undefined && (await starts(file))) return file;
  }
  return undefined;
}

async function starts(executablePath: string): Promise<boolean> {
  try {
    const browser = await launch(executablePath);
    await browser.close();
    return true;
  } catch {
    // What is wrong with it does not matter: the next one is tried, and at the end there is a sentence.
    return false;
  }
}

/** A Chromium that lies, compressed, inside an npm package. */
async function packagedBrowser(report: (line: string) => void): Promise<string> {
  const folder = await cachedFolder(`chromium-${packagedVersion}`, async (unfinished) => {
    report('Downloading Chromium (only once) …');
    await installPackages(unfinished, [`@sparticuz/chromium@${packagedVersion}`]);
    const unpack = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
    // It unpacks into the folder for temporary files.
    const target = path.join(unfinished, 'unpacked');
    await mkdir(target);
    await runOrThrow(process.execPath, ['--input-type=module', '--eval', unpack], {
      cwd: unfinished,
      env: { TMPDIR: target },
    });
  });
  return path.join(folder, 'unpacked', 'chromium');
}
