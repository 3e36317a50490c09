// Builds the extension itself: a small main file, the core as one file, and a piece for every other `await import()`.
//
// esbuild splits only ES modules, and VS Code applies its proxy and certificate settings only to what is loaded by
// require(). So the first pass splits. The second joins the pieces that the core needs at once, and turns the others
// into CommonJS. A joined piece that others need as well leaves a file behind that hands on what the joined one has,
// so that no module exists twice.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';

const root = import.meta.dirname;

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

/**
 * No JSON Schema in the zod of the extension's code, which checks values and never describes them. Every class of
 * zod's would take it in: 20 kB that are loaded at activation.
 * @type {esbuild.Plugin}
 */
const zodWithoutJsonSchema = {
  name: 'zod-without-json-schema',
  setup: (build) => {
    const filter = /[\\/]zod[\\/]v4[\\/]core[\\/](?:json-schema-processors|to-json-schema)\.js$/;
    build.onLoad({ filter, namespace: 'file' }, async ({ path: file }) => {
      const names = (await readFile(file, 'utf8')).matchAll(/^export (?:const|function) (\w+)/gm);
      const lines = [...names].map(([, name]) => `export const ${name} = leaveOut;`);
      const leaveOut =
        "const leaveOut = () => () => { throw new Error('zod is built without JSON Schema'); };";
      return { contents: [leaveOut, ...lines].join('\n'), loader: 'js' };
    });
  },
};

/**
 * One view of VS Code's API for all modules. esbuild copies its 400 names for each `import * as vscode`, and thirty
 * copies take longer than anything else that is done at activation.
 * @type {esbuild.Plugin}
 */
const oneVscode = {
  name: 'one-vscode',
  setup: (build) => {
    const namespace = 'one-vscode';
    build.onLoad({ filter: /[\\/]src[\\/]editor[\\/].*\.ts$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replace(
        "import * as vscode from 'vscode';",
        `import { vscode } from '${namespace}';`,
      ),
      loader: 'ts',
    }));
    build.onResolve({ filter: new RegExp(`^${namespace}$`) }, () => ({ path: 'vscode', namespace }));
    build.onLoad({ filter: /.*/, namespace }, () => ({
      contents: "import * as vscode from 'vscode'; export { vscode };",
    }));
  },
};

/**
 * @typedef {object} Piece What the first pass made.
 * @property {string} text An ES module.
 * @property {string[]} needs The pieces that it imports at once.
 * @property {string[]} modules The modules that are in it.
 */

/**
 * @typedef {object} BuiltFile
 * @property {string} text
 * @property {string[]} modules The modules that are in it; none if it only hands on.
 */

/**
 * @param {{ production: boolean, outdir: string }} options
 * @returns {Promise<Map<string, BuiltFile>>} By path.
 */
export async function buildHost({ production, outdir }) {
  const coreFile = path.join(outdir, 'core.cjs');
  /** @satisfies {esbuild.CommonOptions} */
  const common = {
    platform: 'node',
    target: 'node22',
    minify: production,
    sourcemap: production ? false : 'inline',
    logLevel: 'warning',
  };
  const pieces = await split(common, outdir);
  const core = withAllItNeeds(coreFile, pieces);
  const others = [...pieces].filter(([file]) => !core.has(file));
  const handedOn = [...core.keys()].filter((file) => others.some(([, { needs }]) => needs.includes(file)));

  /** @satisfies {esbuild.CommonOptions} */
  const commonJs = { ...common, format: 'cjs', supported: { 'dynamic-import': false } };
  const mainFile = path.join(outdir, 'extension.cjs');
  const files = new Map([
    [mainFile, await buildMain({ ...commonJs, outfile: mainFile })],
    [coreFile, await join({ ...commonJs, outfile: coreFile }, core, handedOn)],
  ]);
  for (const file of handedOn) {
    files.set(file, { text: `module.exports = require('../core.cjs').${nameOf(file)};\n`, modules: [] });
  }
  for (const [file, { text, modules }] of others) {
    const { code } = await esbuild.transform(text, { ...commonJs, sourcefile: path.basename(file) });
    files.set(file, { text: code, modules });
  }
  return files;
}

/**
 * The main file shares no module with the others: what is shared lies in the core, which it is to load later.
 * @param {esbuild.BuildOptions} options
 * @returns {Promise<BuiltFile>}
 */
async function buildMain(options) {
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    entryPoints: ['src/extension.ts'],
    absWorkingDir: root,
    bundle: true,
    plugins: [
      {
        name: 'core',
        setup: (build) => {
          build.onResolve({ filter: /^\.\/compose\.ts$/ }, () => ({ path: './core.cjs', external: true }));
        },
      },
    ],
    metafile: true,
    write: false,
  });
  return { text: outputFiles[0]?.text ?? '', modules: Object.keys(metafile.inputs) };
}

/**
 * @param {esbuild.CommonOptions} common
 * @param {string} outdir
 * @returns {Promise<Map<string, Piece>>}
 */
async function split(common, outdir) {
  const { outputFiles, metafile } = await esbuild.build({
    // Its main file hides what it requires from esbuild.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    ...common,
    entryPoints: { core: 'src/compose.ts' },
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    external: ['vscode'],
    plugins: [zodOfTheSdk, zodWithoutJsonSchema, oneVscode],
    outdir,
    outExtension: { '.js': '.cjs' },
    chunkNames: 'chunks/[name]-[hash]',
    metafile: true,
    write: false,
  });
  const texts = new Map(outputFiles.map(({ path: file, text }) => [file, text]));
  return new Map(
    Object.entries(metafile.outputs).map(([name, { imports, inputs }]) => {
      const file = path.resolve(root, name);
      const needs = imports
        .filter(({ kind, external }) => kind === 'import-statement' && external !== true)
        .map((imported) => path.resolve(root, imported.path));
      return [file, { text: texts.get(file) ?? '', needs, modules: Object.keys(inputs) }];
    }),
  );
}

/**
 * @param {string} first
 * @param {Map<string, Piece>} pieces
 */
function withAllItNeeds(first, pieces) {
  /** @type {Map<string, Piece>} */
  const found = new Map();
  const waiting = [first];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const piece = pieces.get(file);
    if (piece === undefined || found.has(file)) continue;
    found.set(file, piece);
    waiting.push(...piece.needs);
  }
  return found;
}

/**
 * Makes one file of all pieces, which exports what the first one does, and each of those to hand on under its name.
 * @param {esbuild.CommonOptions & { outfile: string }} options
 * @param {Map<string, Piece>} pieces
 * @param {string[]} handedOn
 * @returns {Promise<BuiltFile>}
 */
async function join(options, pieces, handedOn) {
  const outdir = path.dirname(options.outfile);
  const [first, ...others] = [options.outfile, ...handedOn].map((file) => JSON.stringify(file));
  const names = handedOn.map(nameOf);
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    stdin: {
      contents: [
        `export * from ${first};`,
        ...others.map((file, n) => `export * as ${names[n]} from ${file};`),
      ].join('\n'),
      resolveDir: outdir,
    },
    absWorkingDir: root,
    bundle: true,
    external: ['vscode'],
    plugins: [
      {
        name: 'pieces',
        setup: (build) => {
          build.onResolve({ filter: /^[./]|^[A-Za-z]:/ }, ({ path: specifier, resolveDir }) => {
            const file = path.resolve(resolveDir, specifier);
            if (pieces.has(file)) return { path: file };
            return { path: `./${path.relative(outdir, file).replaceAll(path.sep, '/')}`, external: true };
          });
          build.onLoad({ filter: /.*/ }, ({ path: file }) => ({
            contents: pieces.get(file)?.text ?? '',
            loader: 'js',
            resolveDir: path.dirname(file),
          }));
        },
      },
    ],
    metafile: true,
    write: false,
  });
  const joined = Object.keys(metafile.inputs).map((name) => pieces.get(path.resolve(root, name)));
  return { text: outputFiles[0]?.text ?? '', modules: joined.flatMap((piece) => piece?.modules ?? []) };
}

/** @param {string} file */
function nameOf(file) {
  return path.basename(file, '.cjs').replaceAll('-', '_');
}
