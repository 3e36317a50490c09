import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { inCache, root } from '../../../scripts/paths.ts';
import { exampleModule } from '../api-example.ts';

const mocha = path.join(root, 'node_modules', 'mocha', 'index.js');
const source = path.join(root, 'test', 'vscode', 'consumer-extension');

/** The tests' own extension as it is built: a second extension beside Callguard. */
export const consumerFolder = inCache('consumer-extension');

/**
 * What runs the host tests. It lies inside the consumer, because VS Code gives a module the API of the extension
 * in whose folder it lies: to Callguard the host tests are a stranger.
 */
export function hostTestsFile(consumer: string): string {
  return path.join(consumer, 'tests', 'run.cjs');
}

export async function buildConsumer(): Promise<void> {
  await rm(consumerFolder, { recursive: true, force: true });
  await mkdir(consumerFolder, { recursive: true });
  await copyFile(path.join(source, 'package.json'), path.join(consumerFolder, 'package.json'));
  await writeFile(path.join(consumerFolder, '.vscodeignore'), 'tests/**\n');
  await bundle({
    entryPoints: [path.join(source, 'extension.ts')],
    outfile: path.join(consumerFolder, 'extension.cjs'),
  });
}

/** Bundles test files into one file that exports `run()`, as VS Code wants it. */
export async function buildHostTests(files: readonly string[]): Promise<void> {
  const runner = path.join(root, 'test', 'support', 'vscode', 'run-in-host.ts');
  const loads = files.map((file) => `require(${JSON.stringify(path.join(root, file))});`);
  await bundle({
    stdin: {
      contents: `exports.run = () => require(${JSON.stringify(runner)}).runInHost(() => { ${loads.join(' ')} });`,
      resolveDir: root,
    },
    outfile: hostTestsFile(consumerFolder),
  });
}

/** The lines of docs/api.md as a module: the tests run what the page shows. */
const apiExample: esbuild.Plugin = {
  name: 'api-example',
  setup: (build) => {
    build.onResolve({ filter: /^docs:api$/ }, () => ({ path: 'api', namespace: 'docs' }));
    build.onLoad({ filter: /.*/, namespace: 'docs' }, () => ({
      contents: exampleModule(),
      loader: 'ts',
      resolveDir: root,
    }));
  },
};

async function bundle(options: esbuild.BuildOptions): Promise<void> {
  await esbuild.build({
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    // The bundle may be loaded from anywhere, and mocha is not made to be bundled.
    alias: { mocha },
    external: ['vscode', mocha],
    plugins: [apiExample],
    sourcemap: 'inline',
    logLevel: 'warning',
    ...options,
  });
}
