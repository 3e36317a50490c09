import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { browserArgs, ensureBrowser } from '../../../scripts/browser.ts';

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await ensureBrowser(console.log), args: browserArgs });
}
