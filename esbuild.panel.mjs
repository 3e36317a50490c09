/**
 * How the usage panel's page is built. VS Code 1.106, the oldest that is supported, shows it in Chromium 138.
 * @param {boolean} production
 * @returns {import('esbuild').BuildOptions}
 */
export function panelBuild(production) {
  return {
    entryPoints: [
      { in: 'src/panel/page/panel.ts', out: 'panel' },
      { in: 'src/panel/page/styles/panel.css', out: 'panel' },
    ],
    absWorkingDir: import.meta.dirname,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'chrome138',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    minify: production,
    sourcemap: production ? false : 'inline',
    logLevel: 'warning',
  };
}
