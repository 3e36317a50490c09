import assert from 'node:assert/strict';
import { assertOrigin, parseBaseUrl } from '../../../src/vault/key-origin.ts';

describe('parseBaseUrl', () => {
  for (const [text, origin, key] of [
    ['https://api.openai.com/v1', 'https://api.openai.com', 'allowed'],
    ['https://API.OpenAI.com:443/v1/', 'https://api.openai.com', 'allowed'],
    ['https://host.example:8443', 'https://host.example:8443', 'allowed'],
    ['http://localhost:11434/v1', 'http://localhost:11434', 'allowed'],
    ['http://127.0.0.1:80/', 'http://127.0.0.1', 'allowed'],
    ['http://127.9.9.9:1', 'http://127.9.9.9:1', 'allowed'],
    ['http://0x7f.1:1', 'http://127.0.0.1:1', 'allowed'],
    ['http://[::1]:8080', 'http://[::1]:8080', 'allowed'],
    ['http://192.168.1.5:11434', 'http://192.168.1.5:11434', 'confirm'],
    ['http://localhost.evil.example', 'http://localhost.evil.example', 'confirm'],
    ['http://127.0.0.1.evil.example', 'http://127.0.0.1.evil.example', 'confirm'],
    ['http://0.0.0.0:1', 'http://0.0.0.0:1', 'confirm'],
  ] as const) {
    it(`accepts ${text} and judges whether a key may be sent`, () => {
      const parsed = parseBaseUrl(text);
      assert.ok(parsed.ok);
      assert.deepEqual({ origin: parsed.value.origin, key: parsed.value.key }, { origin, key });
    });
  }

  for (const [text, fault] of [
    ['api.openai.com/v1', 'notAUrl'],
    ['', 'notAUrl'],
    ['https://', 'notAUrl'],
    ['ftp://host.example', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['https://user:password@host.example', 'credentials'],
    ['https://api.openai.com@evil.example', 'credentials'],
  ] as const) {
    it(`refuses "${text}"`, () => {
      assert.deepEqual(parseBaseUrl(text), { ok: false, error: fault });
    });
  }
});

describe('assertOrigin', () => {
  it('accepts only the canonical spelling', () => {
    assertOrigin('https://host.example:8443');
    for (const other of [
      'https://host.example/',
      'https://HOST.example',
      'https://host.example:443',
      'host',
      '',
    ]) {
      assert.throws(() => {
        assertOrigin(other);
      }, RangeError);
    }
  });
});
