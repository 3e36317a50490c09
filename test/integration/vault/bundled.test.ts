import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..', '..', '..');

const program = `
import { openToken, sealToken } from './src/vault/fernet.ts';
import { MasterKey } from './src/vault/master-key.ts';
const key = MasterKey.generate();
const opened = openToken(await sealToken('hello', key), key);
const added = [];
for (const name in Object('')) added.push(name);
console.log(JSON.stringify({ opened, added }));
`;

describe('Vault in the bundle', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-bundle-'));
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  it('seals without a warning, and loads the Fernet package only when it seals', async () => {
    // Node warns about `new Buffer` in a bundle, but not in node_modules.
    const { metafile } = await build({
      stdin: { contents: program, resolveDir: root, loader: 'ts' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      metafile: true,
      absWorkingDir: root,
    });
    const ran = spawnSync(process.execPath, [path.join(folder, 'stdin.mjs')], { encoding: 'utf8' });
    assert.equal(ran.stderr, '');
    assert.deepEqual(JSON.parse(ran.stdout), { opened: { ok: true, value: 'hello' }, added: [] });

    const entry = Object.entries(metafile.outputs).find(([name]) => name.endsWith('stdin.mjs'))?.[1];
    assert.ok(entry);
    const packages = Object.keys(entry.inputs).filter((input) =>
      /node_modules\/(fernet|crypto-js)\//.test(input),
    );
    assert.deepEqual(packages, []);
  });
});
