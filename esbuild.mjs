// Builds dist/: the extension's lean bundle, and a chunk for every `await import()` in it.
//
// esbuild splits only ES modules, and VS Code applies its proxy and certificate settings only to what is
// loaded by require(). So the first pass splits, and the second turns each piece into CommonJS.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import * as esbuild from 'esbuild';
import { panelBuild } from './esbuild.panel.mjs';

const outdir = path.join(import.meta.dirname, 'dist');
const production = process.argv.includes('--production');

/**
 * A zod of their own for the AI SDK's packages. They take in all of it, its languages included; shared with the
 * extension's code, which takes in a tenth, that would be loaded at activation.
 * @type {esbuild.Plugin}
 */
const zodOfTheSdk = {
  name: 'zod-of-the-sdk',
  setup: (build) => {
    const namespace = 'zod-of-the-sdk';
    build.onResolve(
      { filter: /^(?:zod(?:\/|$)|\.)/ },
      async ({ path: specifier, importer, kind, pluginData, ...from }) => {
        const fromSdk = /node_modules[\\/]@ai-sdk[\\/]/.test(importer) && specifier.startsWith('zod');
        if (pluginData === namespace || !(fromSdk || from.namespace === namespace)) return undefined;
        const { resolveDir } = from;
        const found = await build.resolve(specifier, { kind, resolveDir, importer, pluginData: namespace });
        return found.errors.length > 0
          ? { errors: found.errors }
          : { path: found.path, namespace, sideEffects: false };
      },
    );
    build.onLoad({ filter: /.*/, namespace }, async ({ path: file }) => ({
      contents: await readFile(file),
      loader: 'js',
      resolveDir: path.dirname(file),
    }));
  },
};

/** @type {esbuild.BuildOptions} */
const host = {
  entryPoints: { extension: 'src/extension.ts', 'usage-report': 'src/observe/usage-report/thread.ts' },
  absWorkingDir: import.meta.dirname,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  plugins: [zodOfTheSdk],
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
await esbuild.build({ ...panelBuild(production), outdir: path.join(outdir, 'panel') });
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
