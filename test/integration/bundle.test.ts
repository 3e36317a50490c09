import assert from 'node:assert/strict';
import path from 'node:path';
import { buildHost } from '../../esbuild.host.mjs';

const outdir = path.join(import.meta.dirname, '..', '..', 'dist');
const main = path.join(outdir, 'extension.cjs');
const core = path.join(outdir, 'core.cjs');
/** What is loaded until activation is over. */
const atActivation = [main, core];
const atMostBytes = 250_000;

/** `await import('./…')`, as it is in a built file. */
const lazily = /Promise\.resolve\(\)\.then\(\(\)=>\w+\(require\("(\.[^"]+)"\)(?:,1)?\)\)/g;
const atOnce = /require\(["']([^"']+)["']\)/g;

describe('the bundle of the extension', () => {
  let files: Awaited<ReturnType<typeof buildHost>>;

  before(async () => {
    files = await buildHost({ production: true, outdir });
  });

  it('has a main file that loads nothing but the core, and that only later', () => {
    const text = files.get(main)?.text ?? '';

    assert.deepEqual(files.get(main)?.modules, ['src/extension.ts']);
    assert.deepEqual(
      [...text.matchAll(lazily)].map(([, name]) => name),
      ['./core.cjs'],
    );
    assert.deepEqual(loadedAtOnce(text), ['node:timers/promises']);
  });

  it('loads two files of at most 250 kB at activation', () => {
    const texts = atActivation.map((file) => files.get(file)?.text ?? '');
    const bytes = Buffer.byteLength(texts.join(''));

    assert.deepEqual(
      texts.flatMap(loadedAtOnce).filter((name) => name !== 'vscode' && !name.startsWith('node:')),
      [],
    );
    assert.ok(texts.every((text) => text.length > 0));
    assert.ok(bytes <= atMostBytes, `${bytes} bytes`);
  });

  it('loads the AI SDK, the tokenizer, the list of prices and the metrics library later', () => {
    const modules = atActivation.flatMap((file) => files.get(file)?.modules ?? []);
    const late = /node_modules[\\/](?:@ai-sdk|gpt-tokenizer|@pydantic|prom-client|crypto-js)[\\/]/;

    assert.ok(modules.some((name) => name.endsWith('src/extension.ts')));
    assert.ok([...files.values()].some((file) => file.modules.some((name) => late.test(name))));
    assert.deepEqual(
      modules.filter((name) => late.test(name)),
      [],
    );
  });

  it("leaves zod's JSON Schema out of the core, and in the AI SDK, which needs it", () => {
    const leftOut = 'zod is built without JSON Schema';
    const texts = [...files.values()].map(({ text }) => text);

    assert.ok(files.get(core)?.text.includes(leftOut));
    assert.ok(!files.get(core)?.text.includes('$defs'));
    assert.ok(texts.some((text) => text.includes('$defs') && !text.includes(leftOut)));
  });

  it('leaves out what runs without VS Code', () => {
    const modules = [...files.values()].flatMap((file) => file.modules);

    assert.ok(modules.includes('src/compose-core.ts'));
    assert.deepEqual(
      modules.filter((name) => name.startsWith('src/headless/')),
      [],
    );
  });

  it('has no module twice, so that there is one of each class and of each state', () => {
    const all = [...files.values()].flatMap(({ modules }) => modules);

    assert.deepEqual(
      all.filter((name, index) => all.indexOf(name) !== index),
      [],
    );
  });

  it('holds every file that one of its files loads', () => {
    const missing = [...files].flatMap(([file, { text }]) =>
      [...text.matchAll(atOnce)]
        .map(([, name = '']) => name)
        .filter((name) => name.startsWith('.'))
        .map((name) => path.resolve(path.dirname(file), name))
        .filter((wanted) => !files.has(wanted)),
    );

    assert.deepEqual(missing, []);
  });
});

function loadedAtOnce(text: string): string[] {
  return [...text.replaceAll(lazily, '').matchAll(atOnce)].map(([, name = '']) => name);
}
