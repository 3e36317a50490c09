import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isWeakKey } from '../../../src/vault/weak-key.ts';

const of = (byteAt: (at: number) => number) => Buffer.from(Array.from({ length: 32 }, (_, at) => byteAt(at)));
const random = (seed: number) => createHash('sha256').update(`seed ${seed}`).digest();
const ofText = (text: string) => Buffer.from(text).subarray(0, 32);
const half = random(0).subarray(0, 16);

describe('isWeakKey', () => {
  for (const [what, bytes] of Object.entries({
    'zero bytes': Buffer.alloc(32),
    'equal bytes': Buffer.alloc(32, 0xff),
    'two bytes in turn': of((at) => (at % 2) * 0xaa),
    'four distinct bytes': random(1).map((byte) => byte & 3),
    'eight distinct bytes': random(2).map((byte) => byte & 7),
    'a counting sequence': of((at) => at),
    'a sequence that counts down': of((at) => 255 - at),
    'a sequence in steps of three': of((at) => 200 + at * 3),
    'two sequences in turn': of((at) => (at % 2 === 0 ? at : 255 - at)),
    'big-endian numbers': of((at) => (at % 2 === 0 ? 1 : at >> 1)),
    squares: of((at) => at * at),
    'a half that is repeated': Buffer.concat([half, half]),
    'a half that is zero': Buffer.concat([half, Buffer.alloc(16)]),
    'a padded short key': Buffer.concat([half, Buffer.alloc(16, 0x20)]),
    'a repeated word': ofText('password'.repeat(4)),
    'a repeated phrase that is cut': ofText('change-me-change-me-change-me-32'),
    'a longer phrase that begins again': ofText('Sup3rS3cr3tP4ssw0rd!Sup3rS3cr3tP'),
    'a sentence': ofText('this is a very secret key 123456'),
    words: ofText('TheQuickBrownFoxJumpsOverTheLazy'),
    'words with hyphens': ofText('my-super-secret-master-key-for-llm'),
    'digits in order': ofText('12345678901234567890123456789012'),
    'the alphabet': ofText('0123456789abcdefghijklmnopqrstuv'),
    'text of two bytes a character': Buffer.from('secretkey1234567', 'utf16le'),
  })) {
    it(`is true for ${what}`, () => {
      assert.equal(isWeakKey(bytes), true);
    });
  }

  it('is false for random bytes', () => {
    for (let seed = 0; seed < 5_000; seed += 1) assert.equal(isWeakKey(random(seed)), false, `seed ${seed}`);
  });

  it('is false for random digits', () => {
    for (let seed = 0; seed < 1_000; seed += 1) {
      assert.equal(isWeakKey(ofText(random(seed).toString('hex'))), false, `seed ${seed}`);
    }
  });
});
