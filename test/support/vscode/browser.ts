import type { Browser } from 'playwright-core';
import { ensureBrowser, launch } from '../../../scripts/browser.ts';

export async function launchBrowser(): Promise<Browser> {
  return launch(await ensureBrowser(console.log));
}
