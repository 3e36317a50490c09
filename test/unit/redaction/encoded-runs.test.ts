import assert from 'node:assert/strict';
import { KnownSecrets } from '../../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../../src/redaction/prompt-scan.ts';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { redactionLimits } from '../../../src/shared/limits.ts';

const none = new KnownSecrets();
const key = `sk-proj-${'a1B2c3D4'.repeat(6)}`;
const redactor = createRedactor();
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const wrapped = (text: string, joint = '\n') => (base64(text).match(/.{1,76}/g) ?? []).join(joint);
const words = 'An ordinary sentence of a document, which has no secret in it. ';

describe('a secret in base64 within a longer text', () => {
  const kubernetes = (value: string) =>
    `apiVersion: v1\nkind: Secret\ndata:\n  NAME: YWRtaW4=\n  OPENAI_API_KEY: ${value}\n  OTHER: YWRtaW4=\ntype: Opaque\n`;

  for (const [what, encoded, around] of [
    ['a value of a Kubernetes secret', base64(key), kubernetes],
    ['a value of a Kubernetes secret with a line feed', base64(`${key}\n`), kubernetes],
    ['a file of a Kubernetes secret', base64(`# settings\nOTHER=1\nOPENAI_API_KEY=${key}\n`), kubernetes],
    [
      'the password of a registry in a Kubernetes secret',
      base64(JSON.stringify({ auths: { 'registry.example': { auth: base64(`user:${key}`) } } })),
      kubernetes,
    ],
    [
      'credentials of HTTP',
      base64(`user:${key}`),
      (value: string) => `curl -H "X-Auth: Basic ${value}" https://h.example`,
    ],
    [
      'a data URL',
      base64(`${words}${key}`),
      (value: string) => `see data:text/plain;base64,${value} for more`,
    ],
    ['a data URL in HTML', base64(key), (value: string) => `<a href="data:;base64,${value}">key</a>`],
    [
      'base64 for URLs',
      Buffer.from(`??>>~~ ${key}`).toString('base64url'),
      (value: string) => `https://h.example/cb?state=${value}&x=1`,
    ],
    ['base64 behind a slash', base64(key), (value: string) => `https://h.example/v1/${value}`],
    ['JSON', base64(key), (value: string) => JSON.stringify({ value, other: 1 })],
    [
      'lines of a mail',
      wrapped(`${words}${words}${key} ${words}`),
      (value: string) => `Content-Transfer-Encoding: base64\n\n${value}\n\n--end`,
    ],
    [
      'lines of Windows',
      wrapped(`${words}${words}${key} ${words}`, '\r\n'),
      (value: string) => `begin\r\n${value}\r\nend`,
    ],
    [
      'lines of YAML',
      wrapped(`${words}${words}${key} ${words}`, '\n    '),
      (value: string) => `data:\n  x: |\n    ${value}\nother: 1`,
    ],
    [
      'lines in JSON',
      wrapped(`${words}${words}${key} ${words}`, String.raw`\n`),
      (value: string) => `{"content":"${value}"}`,
    ],
    [
      'a script of PowerShell',
      base64(Buffer.from(`$env:K='${key}'`, 'utf16le')),
      (value: string) => `powershell -EncodedCommand ${value}`,
    ],
    [
      'a long text',
      base64(`${words.repeat(2_000)}${key} ${words.repeat(2_000)}`),
      (value: string) => `[${value}]`,
    ],
    [
      'a private key',
      base64(
        `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC3kTq\n'.repeat(20)}-----END PRIVATE KEY-----\n`,
      ),
      kubernetes,
    ],
  ] as const) {
    it(`is found in ${what}, in a prompt and in the log`, () => {
      const text = around(encoded);
      const found = findSecrets(text, none);
      assert.deepEqual(
        found.map(({ index, length }) => text.slice(index, index + length)),
        [encoded],
      );
      assert.ok(found.every(({ kind }) => kind !== 'loaded'));
      const clean = redactor.redact(text);
      assert.ok(!clean.includes(encoded.slice(30, 50)), clean);
      assert.equal(redactor.redact(clean), clean);
    });
  }

  it('is found wherever a text is cut into pieces to be searched', () => {
    for (let before = 0; before < 2 * redactionLimits.decodedBytes; before += 997) {
      const text = `x: ${base64(' '.repeat(before) + key + ' '.repeat(100))}`;
      assert.equal(findSecrets(text, none).length, 1, `${before} bytes before it`);
    }
  });

  it('is a loaded one if its value is loaded', () => {
    const known = new KnownSecrets();
    known.add('a value without any shape');
    const [found] = findSecrets(`data: ${base64(`${words} a value without any shape`)}`, known);
    assert.equal(found?.kind, 'loaded');
  });

  for (const [what, text] of [
    ['a document', `data:text/plain;base64,${base64(words.repeat(100))}`],
    [
      'an image',
      `data:image/png;base64,${base64(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))}${'A'.repeat(400)}`,
    ],
    ['a path', '/usr/share/javascript/node_modules/typescript/lib/typescriptServices/index'],
    ['a long name', 'thisIsAVeryLongNameOfAFunctionThatSomebodyWroteInTheirCode'],
    [
      'a checksum',
      'sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==',
    ],
    ['a short word', base64('sk-proj')],
  ] as const) {
    it(`is not seen in ${what}`, () => {
      assert.deepEqual(findSecrets(text, none), []);
      assert.equal(redactor.redact(text), text);
    });
  }
});
