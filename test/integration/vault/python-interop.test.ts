import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { openToken, sealToken } from '../../../src/vault/fernet.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { skipBecause } from '../../support/skip.ts';

const python = '/usr/bin/python3';
const count = 100;

/** Reads JSON from its argument and writes JSON to its output. */
async function run(program: string, input: unknown): Promise<unknown> {
  const { stdout } = await promisify(execFile)(python, ['-c', program, JSON.stringify(input)]);
  return JSON.parse(stdout);
}

const opens = `
import json, sys
from cryptography.fernet import Fernet
given = json.loads(sys.argv[1])
print(json.dumps([Fernet(given["key"]).decrypt(token.encode()).decode() for token in given["tokens"]]))
`;
const seals = `
import json, sys
from cryptography.fernet import Fernet
given = json.loads(sys.argv[1])
print(json.dumps([Fernet(given["key"]).encrypt(text.encode()).decode() for text in given["texts"]]))
`;
const rotates = `
import json, sys
from cryptography.fernet import Fernet, MultiFernet
given = json.loads(sys.argv[1])
both = MultiFernet([Fernet(given["next"]), Fernet(given["key"])])
print(json.dumps([both.rotate(token.encode()).decode() for token in given["tokens"]]))
`;

describe('Fernet tokens with python3-cryptography', () => {
  const key = MasterKey.generate();
  const texts = Array.from(
    { length: count },
    (_, index) => `${randomBytes(index).toString('base64')} ключ 🔑 ${index}`,
  );

  before(function () {
    const found = spawnSync(python, ['-c', 'import cryptography.fernet']);
    if (found.status === 0) return;
    skipBecause(this, `${python} has no cryptography (Debian's package python3-cryptography has it)`);
  });

  it('seals tokens that Python opens', async () => {
    const tokens = await Promise.all(texts.map((text) => sealToken(text, key)));
    assert.deepEqual(await run(opens, { key: key.reveal(), tokens }), texts);
  });

  it('opens tokens that Python sealed', async () => {
    const tokens = (await run(seals, { key: key.reveal(), texts })) as string[];
    assert.deepEqual(
      tokens.map((token) => openToken(token, key)),
      texts.map((value) => ({ ok: true, value })),
    );
  });

  it('opens tokens that Python sealed again under a new key', async () => {
    const next = MasterKey.generate();
    const tokens = await Promise.all(texts.map((text) => sealToken(text, key)));
    const rotated = (await run(rotates, { key: key.reveal(), next: next.reveal(), tokens })) as string[];
    assert.deepEqual(
      rotated.map((token) => openToken(token, next)),
      texts.map((value) => ({ ok: true, value })),
    );
  });
});
