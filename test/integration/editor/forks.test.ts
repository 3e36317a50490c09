import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { buildHost } from '../../../esbuild.host.mjs';

const program = path.join(import.meta.dirname, '../../support/fork-host.ts');

interface Activated {
  readonly guarded: string;
  readonly editor: string;
  readonly providers: readonly string[];
  readonly logged: readonly string[];
  readonly models: readonly string[];
  readonly views: readonly string[];
  readonly commands: number;
}

describe('the built extension', () => {
  let folder: string;
  let dist: string;
  let starts = 0;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'callguard-fork-'));
    dist = path.join(folder, 'dist');
    for (const [file, { text }] of await buildHost({ production: true, outdir: dist })) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  });
  after(() => rm(folder, { recursive: true, maxRetries: 5 }));

  async function activateWithout(...missing: string[]): Promise<Activated> {
    starts += 1;
    const storage = path.join(folder, `storage-${starts}`);
    const { stdout } = await promisify(execFile)(process.execPath, [program, dist, storage, ...missing]);
    return JSON.parse(stdout) as Activated;
  }

  /** What the log says apart from what it always says. */
  const warnings = ({ logged }: Activated) => logged.filter((line) => !line.startsWith('info'));

  it('activates in an editor with the complete API, and offers its models', async () => {
    const activated = await activateWithout();
    assert.deepEqual([activated.guarded, activated.providers], ['answered', ['trial', 'other']]);
    assert.deepEqual([activated.models, activated.views], [['callguard'], ['callguard.providers']]);
    assert.match(activated.editor, /^failed unsendable: .*VS Code has no model 'x\/y'/);
    assert.ok(activated.commands > 20);
    assert.deepEqual(warnings(activated), []);
  });

  const noEditorModels =
    /^failed unsendable: .*only available in an editor with VS Code's language model API/;
  for (const [missing, named] of [
    ['lm', 'vscode.lm.registerLanguageModelChatProvider'],
    ['lm.registerLanguageModelChatProvider', 'vscode.lm.registerLanguageModelChatProvider'],
    ['LanguageModelDataPart', 'vscode.LanguageModelDataPart'],
    ['LanguageModelError', 'vscode.LanguageModelError'],
    ['LanguageModelToolResultPart', 'vscode.LanguageModelToolResultPart'],
  ] as const) {
    it(`activates without vscode.${missing}, offers no models, and says so in one line of the log`, async () => {
      const activated = await activateWithout(missing);
      assert.deepEqual([activated.guarded, activated.providers], ['answered', ['trial', 'other']]);
      assert.deepEqual([activated.models, activated.views], [[], ['callguard.providers']]);
      assert.ok(activated.commands > 20);
      if (missing !== 'lm.registerLanguageModelChatProvider') assert.match(activated.editor, noEditorModels);
      assert.deepEqual(warnings(activated), [
        `warning: This editor has no ${named}, so Callguard offers no models to other extensions. Everything else works.`,
      ]);
    });
  }

  it('activates where the editor refuses its models, and says so in one entry of the log', async () => {
    const activated = await activateWithout('lm.registerLanguageModelChatProvider!');
    assert.deepEqual([activated.guarded, activated.models], ['answered', []]);
    const [warning = '', ...others] = warnings(activated);
    assert.match(
      warning,
      /^error: This editor refused the registration, so Callguard offers no models .*\n.*chatProvider/,
    );
    assert.deepEqual(others, []);
  });

  it('offers its models where it cannot ask for those of other extensions', async () => {
    const activated = await activateWithout('lm.selectChatModels');
    assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
    assert.match(activated.editor, noEditorModels);
    assert.deepEqual(warnings(activated), []);
  });

  for (const missing of ['secrets.keys', 'secrets.keys!']) {
    it(`activates where secrets cannot be listed (${missing}), and says so in one line of the log`, async () => {
      const activated = await activateWithout(missing);
      assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
      assert.deepEqual(warnings(activated), [
        'warning: This editor cannot list stored secrets, so Callguard uses its own list of the stored keys.',
      ]);
    });
  }
});
