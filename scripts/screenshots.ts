// Takes the pictures that are to be looked at before a change is called done.
import path from 'node:path';
import { Workbench } from '../test/support/vscode/workbench.ts';
import type { ThemeKind } from '../test/support/vscode/workbench.ts';
import { runMain } from './explained.ts';
import { inCache } from './paths.ts';
import { preparePackages } from './vscode-packages.ts';

const themes: readonly ThemeKind[] = ['light', 'dark', 'highContrast'];

await runMain(async () => {
  await preparePackages();
  const workbench = await Workbench.start({ files: { 'README.md': '# A workspace\n' } });
  try {
    const window = await workbench.openWindow();
    await window.waitForOutputChannel('Callguard');
    for (const theme of themes) {
      await workbench.setTheme(window, theme);
      const file = inCache('screenshots', `window-${theme}.png`);
      await window.screenshot(file);
      console.log(path.relative('.', file));
    }
  } finally {
    await workbench.stop();
  }
});
