import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { mock } from 'node:test';
import { KeyRing, keysOf, parseRequiredKey, refusesEveryCall } from '../../../src/vault/key-ring.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { describeVaultRefusal } from '../../../src/vault/vault-refusal.ts';
import { inEnglish } from '../../support/languages.ts';

const current = MasterKey.generate();
const older = MasterKey.generate();
const oldest = MasterKey.generate();

describe('parseRequiredKey', () => {
  it('returns the setting, and false if it is not set', () => {
    for (const [setting, required] of [
      [undefined, false],
      [null, false],
      [false, false],
      [true, true],
    ] as const) {
      assert.deepEqual(parseRequiredKey(setting), { required, problems: [] });
    }
  });

  for (const setting of ['true', 'false', 1, 0, '', {}]) {
    it(`returns true and a problem for the invalid value ${JSON.stringify(setting)}`, () => {
      const { required, problems } = parseRequiredKey(setting);
      assert.equal(required, true);
      assert.match(
        inEnglish(problems).join(),
        /^callguard\.vault\.requireEnvironmentKey: must be true or false/,
      );
    });
  }
});

describe('KeyRing', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-ring-'));
    file = path.join(folder, 'deep', 'ring.json');
  });
  afterEach(async () => {
    mock.restoreAll();
    await fs.rm(folder, { recursive: true });
  });

  function ring(env: Record<string, string> = {}, requireEnvironmentKey = false): KeyRing {
    return new KeyRing({ file, env, requireEnvironmentKey: () => requireEnvironmentKey });
  }

  async function kids(from: KeyRing): Promise<string[]> {
    const loaded = await from.load();
    assert.ok(loaded.ok);
    return keysOf(loaded.value).map((key) => key.kid);
  }

  describe('with keys from the environment', () => {
    it('seals with LLM_SECRET_KEY and also opens with LLM_PREVIOUS_KEYS', async () => {
      const env = {
        LLM_SECRET_KEY: current.reveal(),
        LLM_PREVIOUS_KEYS: `${older.reveal()}, ${oldest.reveal()},`,
      };
      assert.deepEqual(await kids(ring(env)), [current.kid, older.kid, oldest.kid]);
      await assert.rejects(fs.stat(file), { code: 'ENOENT' });
    });

    it('does not read the ring file', async () => {
      await ring().loadForSealing();
      assert.deepEqual(await kids(ring({ LLM_SECRET_KEY: current.reveal() })), [current.kid]);
    });

    for (const [name, env, variable, position] of [
      ['a short LLM_SECRET_KEY', { LLM_SECRET_KEY: 'c2hvcnQ=' }, 'LLM_SECRET_KEY', 1],
      ['an empty LLM_SECRET_KEY', { LLM_SECRET_KEY: '' }, 'LLM_SECRET_KEY', 1],
      [
        'a malformed second previous key',
        { LLM_PREVIOUS_KEYS: `${older.reveal()},c2hvcnQ=` },
        'LLM_PREVIOUS_KEYS',
        2,
      ],
    ] as const) {
      it(`names the variable and the expected form, but not the value, of ${name}`, async () => {
        const loaded = await ring(env).load();
        assert.deepEqual(loaded, { ok: false, error: { kind: 'malformedKey', variable, position } });
        const { message } = describeVaultRefusal({ kind: 'malformedKey', variable, position });
        assert.ok(message.startsWith(variable) && message.includes('32 bytes in base64'), message);
        assert.ok(!message.includes('c2hvcnQ'), message);
      });
    }

    for (const [what, weak] of Object.entries({
      '32 zero bytes': Buffer.alloc(32),
      '32 equal bytes': Buffer.alloc(32, 0xa5),
      'a counting sequence': Buffer.from(Array.from({ length: 32 }, (_, at) => at)),
      'repeated text': Buffer.from('password'.repeat(4)),
    })) {
      for (const alphabet of ['base64', 'base64url'] as const) {
        it(`refuses LLM_SECRET_KEY and LLM_PREVIOUS_KEYS of ${what} in ${alphabet}`, async () => {
          const text = weak.toString(alphabet);
          const previous = `${older.reveal()},${text}`;
          for (const [env, variable, position] of [
            [{ LLM_SECRET_KEY: text }, 'LLM_SECRET_KEY', 1],
            [{ LLM_SECRET_KEY: current.reveal(), LLM_PREVIOUS_KEYS: previous }, 'LLM_PREVIOUS_KEYS', 2],
          ] as const) {
            const refused = { ok: false, error: { kind: 'weakKey', variable, position } } as const;
            assert.deepEqual(await ring(env).load(), refused);
            assert.deepEqual(await ring(env).loadForSealing(), refused);
            assert.equal(refusesEveryCall(refused.error), true);
            const { message } = describeVaultRefusal(refused.error);
            assert.ok(message.startsWith(variable) && message.includes('not a random key'), message);
            assert.ok(message.includes('openssl rand -base64 32') && !message.includes(text), message);
          }
        });
      }
    }

    it('requires LLM_SECRET_KEY in a production setup, even with a ring file', async () => {
      await ring().loadForSealing();
      const missing = { ok: false, error: { kind: 'environmentKeyMissing' } };
      assert.deepEqual(await ring({}, true).load(), missing);
      assert.deepEqual(await ring({ LLM_ENV: 'production' }).load(), missing);
      assert.deepEqual(await ring({ LLM_ENV: 'Production', LLM_SECRET_KEY: ' ' }).loadForSealing(), missing);
      assert.deepEqual(
        await ring({ LLM_ENV: 'production', LLM_PREVIOUS_KEYS: older.reveal() }).load(),
        missing,
      );
      assert.deepEqual(await kids(ring({ LLM_SECRET_KEY: current.reveal() }, true)), [current.kid]);
    });
  });

  describe('with a ring file', () => {
    it('does not create the file when it only reads', async () => {
      assert.deepEqual(await kids(ring()), []);
      await assert.rejects(fs.stat(file), { code: 'ENOENT' });
    });

    it('creates the file for sealing with access for its owner only, and keeps it', async () => {
      const made = await ring().loadForSealing();
      assert.ok(made.ok);
      assert.deepEqual(await kids(ring()), [made.value.current.kid]);
      if (process.platform !== 'win32') assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
      assert.deepEqual(await fs.readdir(path.dirname(file)), ['ring.json']);
    });

    it('creates one ring if many windows start at once', async () => {
      const made = await Promise.all(Array.from({ length: 20 }, () => ring().loadForSealing()));
      const kid = new Set(made.map((one) => (one.ok ? one.value.current.kid : 'none')));
      assert.equal(kid.size, 1);
      assert.deepEqual(await fs.readdir(path.dirname(file)), ['ring.json']);
    });

    it('creates one ring on a file system without hard links', async () => {
      mock.method(fs, 'link', () => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' })));
      const first = await ring().loadForSealing();
      const second = await ring().loadForSealing();
      assert.ok(first.ok && second.ok);
      assert.equal(first.value.current.kid, second.value.current.kid);
    });

    it('also opens with LLM_PREVIOUS_KEYS', async () => {
      const made = await ring().loadForSealing();
      assert.ok(made.ok);
      assert.deepEqual(await kids(ring({ LLM_PREVIOUS_KEYS: older.reveal() })), [
        made.value.current.kid,
        older.kid,
      ]);
    });

    it('keeps the previous key until the next rotation, and every key that is still needed', async () => {
      const first = await ring().loadForSealing();
      const second = await ring().advance(new Set());
      assert.ok(first.ok && second.ok);
      assert.deepEqual(await kids(ring()), [second.value.current.kid, first.value.current.kid]);
      const third = await ring().advance(new Set([first.value.current.kid]));
      assert.ok(third.ok);
      assert.deepEqual(await kids(ring()), [
        third.value.current.kid,
        second.value.current.kid,
        first.value.current.kid,
      ]);
      const fourth = await ring().advance(new Set());
      assert.ok(fourth.ok);
      assert.deepEqual(await kids(ring()), [fourth.value.current.kid, third.value.current.kid]);
    });

    it('verifies but does not open with a master key from before two rotations', async () => {
      const first = await ring().loadForSealing();
      await ring().advance(new Set());
      const second = await ring().load();
      await ring().advance(new Set());
      const third = await ring().load();
      await ring().advance(new Set());
      assert.ok(first.ok && second.ok && third.ok);
      const { kid, auditKey } = first.value.current;
      assert.ok(!(await kids(ring())).includes(kid));
      const auditKeys = await ring().auditKeys();
      assert.ok(auditKeys.ok);
      assert.deepEqual(auditKeys.value.get(kid), auditKey);
      assert.deepEqual(
        new Set(auditKeys.value.keys()),
        new Set([kid, second.value.current?.kid, third.value.current?.kid, (await kids(ring()))[0]]),
      );
      const text = await fs.readFile(file, 'utf8');
      assert.ok(!text.includes(first.value.current.reveal()));
    });

    it('verifies with keys of the file after LLM_SECRET_KEY was set', async () => {
      const made = await ring().loadForSealing();
      assert.ok(made.ok);
      const env = { LLM_SECRET_KEY: current.reveal(), LLM_PREVIOUS_KEYS: older.reveal() };
      const auditKeys = await ring(env).auditKeys();
      assert.ok(auditKeys.ok);
      assert.deepEqual(
        new Set(auditKeys.value.keys()),
        new Set([made.value.current.kid, current.kid, older.kid]),
      );
    });

    it('reads the file of an earlier version without retired keys', async () => {
      await fs.mkdir(path.dirname(file));
      await fs.writeFile(file, `{"v":1,"current":"${current.reveal()}","previous":["${older.reveal()}"]}`);
      assert.deepEqual(await kids(ring()), [current.kid, older.kid]);
    });

    it('deletes the temporary file of a window that crashed while writing', async () => {
      await ring().loadForSealing();
      await fs.writeFile(`${file}.left.tmp`, 'keys');
      await ring().advance(new Set());
      assert.deepEqual(await fs.readdir(path.dirname(file)), ['ring.json']);
    });

    it('does not change if the file cannot be written', async () => {
      const first = await ring().loadForSealing();
      assert.ok(first.ok);
      mock.method(fs, 'rename', () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })));
      const refused = await ring().advance(new Set());
      assert.deepEqual(refused, { ok: false, error: { kind: 'ringFile', path: file, problem: 'ENOSPC' } });
      assert.deepEqual(await kids(ring()), [first.value.current.kid]);
      assert.deepEqual(await fs.readdir(path.dirname(file)), ['ring.json']);
    });

    it('refuses a file with a key that is not random', async () => {
      const weak = Buffer.alloc(32).toString('base64url');
      await fs.mkdir(path.dirname(file));
      for (const text of [
        `{"v":1,"current":"${weak}=","previous":[]}`,
        `{"v":1,"current":"${current.reveal()}","previous":["${weak}="]}`,
      ]) {
        await fs.writeFile(file, text, { mode: 0o600 });
        const problem = 'one of its keys is not random';
        assert.deepEqual(await ring().load(), {
          ok: false,
          error: { kind: 'ringFile', path: file, problem },
        });
      }
    });

    it('takes the rights of others to the file and its folder away', async () => {
      await ring().loadForSealing();
      await fs.chmod(path.dirname(file), 0o755);
      await fs.chmod(file, 0o644);
      assert.ok((await ring().load()).ok);
      assert.equal((await fs.stat(path.dirname(file))).mode & 0o777, 0o700);
      assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
    });

    it('creates the folder for its user alone', async () => {
      await ring().loadForSealing();
      assert.equal((await fs.stat(path.dirname(file))).mode & 0o777, 0o700);
    });

    it('refuses a file that others may write to, with the command that fixes it', async () => {
      await ring().loadForSealing();
      await fs.chmod(file, 0o666);
      for (const refused of [
        await ring().load(),
        await ring().loadForSealing(),
        await ring().advance(new Set()),
      ]) {
        assert.ok(!refused.ok && refused.error.kind === 'exposedRing');
        const { message } = describeVaultRefusal(refused.error);
        assert.ok(message.includes(file) && message.includes(`chmod 600 '${file}'`), message);
        assert.equal(refusesEveryCall(refused.error), false);
      }
      await fs.chmod(file, 0o600);
      assert.ok((await ring().load()).ok);
    });

    it('refuses a file of another user, with the command that fixes it', async () => {
      await ring().loadForSealing();
      const uid = process.getuid?.() ?? 0;
      mock.property(process, 'getuid', () => uid + 1);
      const refused = await ring().load();
      assert.ok(!refused.ok && refused.error.kind === 'exposedRing');
      const { message } = describeVaultRefusal(refused.error);
      assert.ok(message.includes('belongs to another user') && message.includes('sudo chown'), message);
    });

    for (const [what, text] of Object.entries({
      empty: '',
      cut: '{"v":1,"current":"',
      foreign: '{"hello":1}',
      'of a later version': `{"v":2,"current":"${current.reveal()}","previous":[]}`,
      'with a short key': '{"v":1,"current":"c2hvcnQ=","previous":[]}',
    })) {
      it(`never replaces a file that is ${what}, and does not reveal its content`, async () => {
        await fs.mkdir(path.dirname(file));
        await fs.writeFile(file, text);
        for (const refused of [
          await ring().load(),
          await ring().loadForSealing(),
          await ring().advance(new Set()),
        ]) {
          assert.deepEqual(refused, {
            ok: false,
            error: { kind: 'ringFile', path: file, problem: 'damaged' },
          });
        }
        assert.equal(await fs.readFile(file, 'utf8'), text);
      });
    }
  });
});
