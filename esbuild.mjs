// Builds dist/: the extension's lean bundle, and a chunk for every `await import()` in it.
//
// esbuild splits only ES modules, and VS Code applies its proxy and certificate settings only to what is
// loaded by require(). So the first pass splits, and the second turns each piece into CommonJS.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import * as esbuild from 'esbuild';

const outdir = path.join(import.meta.dirname, 'dist');
const production = process.argv.includes('--production');

/** @type {esbuild.BuildOptions} */
const host = {
  entryPoints: { extension: 'src/extension.ts' },
  absWorkingDir: import.meta.dirname,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  outdir,
  outExtension: { '.js': '.cjs' },
  chunkNames: 'chunks/[name]-[hash]',
  minify: production,
  sourcemap: production ? false : 'inline',
  metafile: true,
  write: false,
  logLevel: 'warning',
};

await rm(outdir, { recursive: true, force: true });
const split = await esbuild.build(host);
for (const file of split.outputFiles ?? []) {
  const common = await esbuild.transform(file.text, {
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    supported: { 'dynamic-import': false },
    minify: production,
    sourcefile: path.basename(file.path),
    sourcemap: production ? false : 'inline',
  });
  await mkdir(path.dirname(file.path), { recursive: true });
  await writeFile(file.path, common.code);
}
if (process.argv.includes('--metafile')) {
  await writeFile(path.join(outdir, 'meta.json'), JSON.stringify(split.metafile));
}
