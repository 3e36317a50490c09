import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { mock } from 'node:test';
import fc from 'fast-check';
import { looksLikeToken, openToken, sealToken } from '../../../src/vault/fernet.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';

function masterKey(text: string): MasterKey {
  const key = MasterKey.parse(text);
  assert.ok(key);
  return key;
}

// The vectors of https://github.com/fernet/spec: generate.json, verify.json, invalid.json.
const specKey = masterKey('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=');
const specIv = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
const specToken =
  'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==';
const generatedMs = Date.parse('1985-10-26T01:20:00-07:00');
const verifiedMs = Date.parse('1985-10-26T01:20:01-07:00');
const ttlMs = 60_000;
const invalid = [
  {
    what: 'incorrect mac',
    fault: 'mac',
    nowMs: verifiedMs,
    token:
      'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==',
  },
  {
    what: 'too short',
    fault: 'length',
    nowMs: verifiedMs,
    token: 'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==',
  },
  {
    what: 'invalid base64',
    fault: 'encoding',
    nowMs: verifiedMs,
    token:
      '%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==',
  },
  {
    what: 'payload size not multiple of block size',
    fault: 'length',
    nowMs: verifiedMs,
    token: 'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm',
  },
  {
    what: 'payload padding error',
    fault: 'padding',
    nowMs: verifiedMs,
    token:
      'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==',
  },
  {
    what: 'far-future time',
    fault: 'future',
    nowMs: verifiedMs,
    token:
      'gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==',
  },
  {
    what: 'expired',
    fault: 'expired',
    nowMs: Date.parse('1985-10-26T01:21:31-07:00'),
    token:
      'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==',
  },
  {
    what: 'incorrect IV',
    fault: 'padding',
    nowMs: verifiedMs,
    token:
      'gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==',
  },
] as const;

describe('Fernet tokens: vectors of the specification', () => {
  it('seals exactly the token of the specification with the same time and IV', async () => {
    // Load the package before the time is mocked.
    await sealToken('warm', specKey);
    mock.timers.enable({ apis: ['Date'], now: generatedMs });
    const random = mock.method(crypto, 'randomBytes', () => specIv);
    try {
      assert.equal(await sealToken('hello', specKey), specToken);
      assert.equal(random.mock.callCount(), 1);
    } finally {
      mock.restoreAll();
      mock.timers.reset();
    }
  });

  it('opens the token of the specification', () => {
    assert.deepEqual(openToken(specToken, specKey, { nowMs: verifiedMs, ttlMs }), {
      ok: true,
      value: 'hello',
    });
  });

  for (const { what, token, fault, nowMs } of invalid) {
    it(`refuses a token: ${what}`, () => {
      assert.deepEqual(openToken(token, specKey, { nowMs, ttlMs }), { ok: false, error: fault });
    });
  }
});

describe('Fernet tokens', () => {
  const key = MasterKey.generate();
  const text = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' });

  it('opens a token to the sealed text', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (plaintext) => {
        assert.deepEqual(openToken(await sealToken(plaintext, key), key), { ok: true, value: plaintext });
      }),
      { numRuns: 300 },
    );
  });

  it('opens a token at any age', async () => {
    mock.timers.enable({ apis: ['Date'], now: generatedMs });
    const token = await sealToken('lasting', key);
    mock.timers.reset();
    assert.deepEqual(openToken(token, key), { ok: true, value: 'lasting' });
  });

  it('seals the same text to different tokens with different IVs', async () => {
    assert.notEqual(await sealToken('same', key), await sealToken('same', key));
  });

  it('does not open a token under another key', async () => {
    assert.deepEqual(openToken(await sealToken('x', key), MasterKey.generate()), { ok: false, error: 'mac' });
  });

  it('does not open a token with a flipped bit', async () => {
    const token = Buffer.from(await sealToken('a provider key of some length', key), 'base64url');
    for (let bit = 0; bit < token.length * 8; bit += 1) {
      const flipped = Buffer.from(token);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const encoded = flipped.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
      assert.equal(openToken(encoded, key).ok, false, `bit ${bit}`);
    }
  });

  it('does not open a token that is cut at any length', async () => {
    const token = await sealToken('a provider key of some length', key);
    for (let length = 0; length < token.length; length += 1) {
      assert.equal(openToken(token.slice(0, length), key).ok, false, `cut to ${length}`);
    }
  });

  it('does not open a token with invalid or non-canonical base64', async () => {
    const token = await sealToken('a provider key', key);
    fc.assert(
      fc.property(fc.nat(token.length), fc.string({ minLength: 1, maxLength: 3 }), (at, junk) => {
        assert.equal(openToken(token.slice(0, at) + junk + token.slice(at), key).ok, false);
      }),
    );
    // The last digit before the padding has unused bits.
    const spelled = token.replace(/(.)(=+)$/, (_whole, digit: string, padding: string) => {
      return String.fromCharCode(digit.charCodeAt(0) + 1) + padding;
    });
    for (const other of [spelled, token.replace(/=+$/, ''), ` ${token}`, `${token}\n`, `${token}=`]) {
      assert.equal(openToken(other, key).ok, other === token, other.slice(-4));
    }
  });

  it('does not confuse a token with base64 or a plain key', async () => {
    assert.ok(looksLikeToken(await sealToken('x', key)));
    for (const plain of ['sk-abc', Buffer.from('sk-abcdefghijkl').toString('base64'), '', '%%%']) {
      assert.equal(looksLikeToken(plain), false);
    }
  });

  it('does not seal an empty text', async () => {
    await assert.rejects(sealToken('', key), RangeError);
  });

  it('does not return a token that does not open again', async () => {
    await assert.rejects(sealToken('half a pair: \ud800', key), URIError);
  });

  it('leaves no enumerable property on strings', async () => {
    await sealToken('x', key);
    const seen: string[] = [];
    for (const name in Object('')) seen.push(name);
    assert.deepEqual(seen, []);
  });
});
