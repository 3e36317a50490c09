import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { MasterKey } from '../../../src/vault/master-key.ts';

const bytes = Buffer.from('87fd7e6aca95391e6bb4c18af7b7651c9463907de2ff48af5d9e4b3ec45c234d', 'hex');

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
    'of zero bytes': Buffer.alloc(32).toString('base64'),
  })) {
    it(`refuses a text: ${what}`, () => {
      assert.equal(MasterKey.parse(text), undefined);
    });
  }

  it('says of a refused text whether only its bytes are weak', () => {
    assert.equal(MasterKey.isWeak(Buffer.alloc(32, 7).toString('base64url')), true);
    assert.equal(MasterKey.isWeak(bytes.toString('base64')), false);
    assert.equal(MasterKey.isWeak('short'), false);
  });

  it('has every spelling that parse() accepts', () => {
    const key = MasterKey.parse(bytes.toString('base64'));
    const [standard, url] = [bytes.toString('base64'), bytes.toString('base64url')];
    assert.deepEqual(
      new Set(key?.spellings()),
      new Set([standard, standard.replace('=', ''), url, `${url}=`]),
    );
  });

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
