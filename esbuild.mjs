// Builds dist/: the extension, the programs of its threads, and the usage panel's page.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import * as esbuild from 'esbuild';
import { buildHost } from './esbuild.host.mjs';
import { panelBuild } from './esbuild.panel.mjs';

const outdir = path.join(import.meta.dirname, 'dist');
const production = process.argv.includes('--production');

/**
 * Each alone in its file: a thread of the extension host cannot load VS Code's API, nor what is made of it.
 * @type {esbuild.BuildOptions}
 */
const threads = {
  entryPoints: {
    'usage-report': 'src/observe/usage-report/report-thread-program.ts',
    'import-thread': 'src/providers/import/sqlite-thread-program.ts',
  },
  absWorkingDir: import.meta.dirname,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  outdir,
  outExtension: { '.js': '.cjs' },
  minify: production,
  sourcemap: production ? false : 'inline',
  logLevel: 'warning',
};

await rm(outdir, { recursive: true, force: true });
await esbuild.build({ ...panelBuild(production), outdir: path.join(outdir, 'panel') });
await esbuild.build(threads);
for (const [file, { text }] of await buildHost({ production, outdir })) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
