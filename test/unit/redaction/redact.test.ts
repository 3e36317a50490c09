import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createRedactor,
  longestErrorChars,
  redactSecret,
  sanitizeErrorMessage,
} from '../../../src/redaction/redact.ts';

describe('redactSecret', () => {
  it('shows nine stars and the last four characters', () => {
    assert.equal(redactSecret('sk-123456789'), '*********6789');
    assert.equal(redactSecret('sk-proj-' + 'a'.repeat(100) + 'WXYZ'), '*********WXYZ');
  });

  it('shows only stars for a secret under twelve characters', () => {
    assert.equal(redactSecret('sk-12345678'), '*********');
    assert.equal(redactSecret(''), '*********');
  });
});

describe('sanitizeErrorMessage', () => {
  it('keeps the prefix that identifies the provider of a key', () => {
    assert.equal(sanitizeErrorMessage('Error: sk-123456789'), 'Error: sk-***');
    assert.equal(sanitizeErrorMessage('bad key gsk_1234567890abc.'), 'bad key gsk_***.');
  });

  it('does not change ordinary text', () => {
    const text = 'connect ETIMEDOUT 10.0.0.3:443, model gpt-4o-mini, task-list-items, 12,000 tokens';
    assert.equal(sanitizeErrorMessage(text), text);
  });

  it('redacts a message before it cuts it', () => {
    const filler = 'x '.repeat(longestErrorChars / 2 - 5);
    const shown = sanitizeErrorMessage(`${filler}sk-ant-api03-${'Z'.repeat(90)} ${'y '.repeat(50)}`);
    assert.ok(!shown.includes('ZZ'));
    assert.ok(shown.length < longestErrorChars + 40);
  });

  it('removes a registered value if it gets a redactor', () => {
    const redactor = createRedactor();
    redactor.register('correct horse');
    assert.equal(sanitizeErrorMessage('no such key: correct horse!', redactor), 'no such key: ***!');
  });
});

describe('redact: shapes', () => {
  for (const key of [
    'sk-123456789',
    'sk-proj-abc_DEF-123456',
    'sk-svcacct-abcdef123',
    'sk-ant-api03-abcdef123',
    'sk-or-v1-0123456789abcdef',
    'gsk_abcdefgh1234',
    'AIzaSyA1234567890abcdefghijklmnopqrstuv',
    'AQ.Ab8RN6abcdefghijklmnop',
    'xai-abcdefgh1234',
    'pplx-abcdefgh1234',
    'hf_abcdefgh1234',
    'r8_abcdefgh1234',
    'tgp_v1_abcdefgh1234',
    'fw_abcdefgh1234',
    'nvapi-abcdefgh1234',
    'csk-abcdefgh1234',
    'callguard_abcdefgh-1234_ABC',
    'AKIAIOSFODNN7EXAMPLE',
    'ABSKQmVkcm9ja0FQSUtleS1hYmNkZWY=',
    'ghp_abcdefgh1234',
    'github_pat_11ABCDEFG0abcdefgh',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    `${'a1'.repeat(26)}JQQJ9${'b'.repeat(27)}`,
  ]) {
    it(`blanks ${key.slice(0, 12)}...`, () => {
      for (const around of [
        key,
        `"${key}"`,
        `(${key})`,
        String.raw`\n${key}`,
        `q%3D${key}`,
        String.raw`\u003d${key}`,
      ]) {
        const shown = sanitizeErrorMessage(around);
        assert.ok(!shown.includes(key.slice(-8)), shown);
        assert.ok(shown.includes('***'), shown);
      }
    });
  }
});

describe('redact: places', () => {
  const odd = 'qzjx7.w0vv~kk';
  for (const text of [
    `Authorization: Bearer ${odd}`,
    `authorization=Basic ${odd}`,
    `{"Authorization":"${odd}"}`,
    `proxy-authorization: Digest username="u", response=${odd}`,
    `"{\\"authorization\\":\\"Bearer ${odd}\\"}"`,
    `sent Bearer ${odd} upstream`,
    `x-api-key: ${odd}`,
    `[ 'x-api-key', '${odd}' ]`,
    `api-key=${odd}`,
    `OPENAI_API_KEY=${odd}`,
    `Incorrect API key: ${odd}`,
    `x-goog-api-key: ${odd}`,
    `Ocp-Apim-Subscription-Key: ${odd}`,
    `"access_token": "${odd}"`,
    `set-cookie: session=${odd}; path=/`,
    `Cookie: a=b; c=${odd}`,
    `https://host.example/v1?key=${odd}&alt=sse`,
    `https://host.example/v1?alt=sse&token=${odd}`,
    `https://host.example/v1?sig=${odd}`,
    `https://user:${odd}@host.example/v1`,
    `https://${odd}@host.example/v1`,
  ]) {
    it(`blanks the value in: ${text.replace(odd, '<value>')}`, () => {
      const shown = sanitizeErrorMessage(text);
      assert.ok(!shown.includes(odd), shown);
      assert.ok(shown.includes('***'), shown);
    });
  }

  it('keeps the text around a value', () => {
    assert.equal(
      sanitizeErrorMessage(`GET https://user:${odd}@host.example/v1?key=${odd}&alt=sse failed`),
      'GET https://***@host.example/v1?key=***&alt=sse failed',
    );
  });
});

describe('Redactor.register', () => {
  const secret = fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme' });
  const filler = fc.string({ maxLength: 30 });
  const encodings: Record<string, (text: string) => string> = {
    'plain text': (text) => text,
    JSON: (text) => JSON.stringify({ text }),
    'JSON with escaped slashes': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
    URL: (text) => encodeURIComponent(text),
    'URL in lower case': (text) =>
      encodeURIComponent(text).replaceAll(/%../g, (escape) => escape.toLowerCase()),
    form: (text) => new URLSearchParams({ text }).toString(),
    base64: (text) => Buffer.from(text).toString('base64'),
    base64url: (text) => Buffer.from(text).toString('base64url'),
    'Basic auth': (text) => `Basic ${Buffer.from(`user:${text}`).toString('base64')}`,
  };

  for (const [name, encode] of Object.entries(encodings)) {
    it(`blanks the value in ${name} at any position`, () => {
      fc.assert(
        fc.property(secret, filler, filler, (value, before, after) => {
          const redactor = createRedactor();
          redactor.register(value);
          const canary = encode(value);
          // Inside a longer encoded text, so that base64 encodes it at all three alignments.
          for (const text of [encode(before + value + after), before + canary + after]) {
            const shown = redactor.redact(text);
            assert.ok(!shown.includes(canary) && !shown.includes(value), shown);
            for (const alphabet of ['base64', 'base64url'] as const) {
              assert.ok(!Buffer.from(shown, alphabet).toString().includes(value), shown);
            }
          }
        }),
      );
    });
  }

  it('blanks a password as JSON in JSON, HTML, CSV, SQL, shells and URLs in URLs escape it', () => {
    const password = `p@ss"w0rd'&<x>/é!`;
    const redactor = createRedactor();
    redactor.register(password);
    const json = (text: string) => JSON.stringify(text).slice(1, -1);
    for (const escaped of [
      json(json(password)),
      json(json(json(password))),
      json(password).replace('é', '\\u00e9'),
      json(password).replace('&', '\\u0026').replace('<', '\\u003c').replace('>', '\\u003e'),
      'p@ss&quot;w0rd&#39;&amp;&lt;x&gt;/é!',
      password.replace('"', '""'),
      password.replace("'", "''"),
      password.replace("'", "'\\''"),
      password.replace("'", "\\'"),
      encodeURIComponent(encodeURIComponent(password)),
    ])
      assert.equal(redactor.redact(`a ${escaped} b`), 'a *** b');
  });

  it('blanks two overlapping values completely', () => {
    const redactor = createRedactor();
    redactor.register('xyabcd');
    redactor.register('abcdefghijkl');
    assert.equal(redactor.redact('<xyabcdefghijkl>'), '<***>');
  });

  it('forgets a value when its last owner disposes it', () => {
    const redactor = createRedactor();
    const first = redactor.register('plain-canary');
    const second = redactor.register('plain-canary');
    first.dispose();
    first.dispose();
    assert.equal(redactor.redact('plain-canary'), '***');
    second.dispose();
    assert.equal(redactor.redact('plain-canary'), 'plain-canary');
  });

  it('ignores a value that is too short to be a secret', () => {
    const redactor = createRedactor();
    redactor.register('');
    redactor.register('the');
    assert.equal(redactor.redact('the end'), 'the end');
  });

  it('does not change a text that is already redacted', () => {
    const redactor = createRedactor();
    redactor.register('plain-canary');
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'plain-canary',
            'sk-abcdefgh',
            'Authorization: ',
            'Bearer ',
            '?key=',
            '://a:b@',
            '"',
            ' ',
            '\n',
            'xyz',
          ),
        ),
        (pieces) => {
          const once = redactor.redact(pieces.join(''));
          assert.equal(redactor.redact(once), once);
        },
      ),
    );
  });
});
