import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { MasterKey } from '../../../src/vault/master-key.ts';

const bytes = Buffer.from('fbefbe'.repeat(10) + 'ffff', 'hex');

describe('a master key', () => {
  it('is read from both alphabets of base64, padded or not', () => {
    const spellings = [
      bytes.toString('base64'),
      bytes.toString('base64url'),
      `${bytes.toString('base64url')}=`,
      bytes.toString('base64').replace('=', ''),
      `  ${bytes.toString('base64')}\n`,
    ];
    const kids = spellings.map((text) => MasterKey.parse(text)?.kid);
    assert.equal(new Set(kids).size, 1);
    assert.match(kids[0] ?? '', /^[0-9a-f]{16}$/);
  });

  for (const [what, text] of Object.entries({
    empty: '',
    short: bytes.subarray(1).toString('base64'),
    long: Buffer.concat([bytes, bytes]).toString('base64'),
    hex: bytes.toString('hex'),
    'with junk inside': bytes.toString('base64').replace(/^./, '%'),
    'not canonical': bytes.toString('base64url').replace(/.$/, '9'),
    'a passphrase': 'correct horse battery staple correct horse!',
  })) {
    it(`is refused when ${what}`, () => {
      assert.equal(MasterKey.parse(text), undefined);
    });
  }

  it('survives its own text', () => {
    const key = MasterKey.generate();
    assert.equal(MasterKey.parse(key.reveal())?.kid, key.kid);
  });

  it('has an id that does not depend on the run, and is not part of the key', () => {
    const key = MasterKey.parse(bytes.toString('base64'));
    assert.ok(key);
    assert.ok(!bytes.toString('hex').includes(key.kid));
    assert.equal(key.kid, MasterKey.parse(bytes.toString('base64url'))?.kid);
  });

  it('does not print', () => {
    const key = MasterKey.generate();
    for (const shown of [
      key.toString(),
      JSON.stringify({ key }),
      inspect({ key }),
      inspect(key, { showHidden: true }),
    ]) {
      assert.ok(!shown.includes(key.reveal().slice(0, 20)), shown);
      assert.ok(shown.includes(key.kid));
    }
  });
});
