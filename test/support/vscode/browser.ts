import type { Browser } from 'playwright-core';
import { ensureBrowser, launch } from '../../../scripts/browser.ts';

/** A window of VS Code lives for seconds here: to optimise its code costs more than that saves. */
const withoutOptimising = ['--js-flags=--no-opt --no-maglev'];

/** A browser for windows of VS Code. */
export async function launchBrowserForVscode(): Promise<Browser> {
  return launch(await ensureBrowser(console.log), withoutOptimising);
}

/** A browser as people have it. */
export async function launchBrowser(): Promise<Browser> {
  return launch(await ensureBrowser(console.log));
}
