import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { MasterKey } from '../../../src/vault/master-key.ts';

const bytes = Buffer.from('fbefbe'.repeat(10) + 'ffff', 'hex');

describe('MasterKey', () => {
  it('parses both alphabets of base64, with or without padding', () => {
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
    it(`refuses a text: ${what}`, () => {
      assert.equal(MasterKey.parse(text), undefined);
    });
  }

  it('parses the text that reveal() returns', () => {
    const key = MasterKey.generate();
    assert.equal(MasterKey.parse(key.reveal())?.kid, key.kid);
  });

  it('has a stable id that is not part of the key', () => {
    const key = MasterKey.parse(bytes.toString('base64'));
    assert.ok(key);
    assert.ok(!bytes.toString('hex').includes(key.kid));
    assert.equal(key.kid, MasterKey.parse(bytes.toString('base64url'))?.kid);
  });

  it('does not print the key', () => {
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
