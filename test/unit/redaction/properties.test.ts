import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KnownSecrets } from '../../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../../src/redaction/prompt-scan.ts';
import { createRedactor, sanitizeErrorMessage } from '../../../src/redaction/redact.ts';
import { usualContexts } from '../../support/secret-contexts.ts';
import { samples } from '../../support/secret-corpus.ts';

const redactor = createRedactor();
for (const value of ['plain-canary', 'xAKIAx', 'p"q r', 'user-name', 'sk-loaded-value-0123456789'])
  redactor.register(value);

/** What finds begin, end and go on with. */
const pieces = [
  ...['plain-canary', 'xAKIAx', 'p"q r', 'user-name', 'sk-loaded-value-0123456789', '***', 'sk-***'],
  ...['sk-abcdefgh', 'sk-svcacct-abcdefgh', 'AKIAIOSFODNN7EXAMPLE', 'ghp_abcdefgh1234', 'sk-', 'eyJ', 'AKIA'],
  ...['Authorization: ', 'Bearer ', 'Custom key=', 'Cookie: ', 'password', 'api_key', 'apiKey', ': string'],
  ...['=', ': ', ' => ', ' := ', ' === ', '?key=', '&', ',', ';', 'b=', '://', 'a:b@', 'postgres://u:p/q@h'],
  ...['"', "'", '`', '\\', '\\"', '\\n', '(', ')', '<password>', '</password>', '|', '.', '@', '/', '#'],
  ...[' ', '\n', '\r\n', '\t', 'xyz', 'S', '1', '-', '_', '+', '%3D', '\u001b[32m', 'é', '\u{1f511}', 'null'],
  ...['-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', ' || '],
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((some) => some.join('')),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 })), { maxLength: 12 })
    .map((some) => some.join('')),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

describe('redaction', function () {
  this.timeout(60_000);

  it('changes nothing more when it is done twice', () => {
    fc.assert(
      fc.property(text, (dirty) => {
        const once = redactor.redact(dirty);
        assert.equal(redactor.redact(once), once);
      }),
      { numRuns: 3_000 },
    );
  });

  it('changes nothing more when a secret of any kind in any context is redacted twice', () => {
    for (const { text: dirty } of samples(3, 1)) {
      const once = redactor.redact(dirty);
      assert.equal(redactor.redact(once), once);
    }
    assert.ok(Object.keys(usualContexts).length > 25);
  });

  it('changes nothing more when a key stands behind the value of another name', () => {
    const key = 'QoJb3JpZ2luX2VjpOc0KXJukIYk/BVcxeoxkPNdkiVjJ6T3a1fBgJ9Vuamk13B6CocC1jH4nPoVMzJSsn2u8tPXa0J';
    const once = redactor.redact(`AWS_SESSION_TOKEN=I\u2028${key}${key}`);
    assert.equal(redactor.redact(once), once);
    assert.ok(!redactor.redact(`***AWS_SESSION_TOKEN***: ${key}${key}`).includes(key));
  });

  it('changes nothing more when a blanked key stands behind a quote and a space', () => {
    const key = 'I/zSPjcBJ3ppImXZP0JTU3wjlAph/6VY8N2Pqa8LvtkoT0ZUDNMD19T9v6uk8I+AyNNLZzrtjlwzo5/rl5qm4V==';
    const once = redactor.redact(`'AZURE_STORAGE_KEY:" ${key}',`);
    assert.equal(once, `'AZURE_STORAGE_KEY:" ***',`);
    assert.equal(redactor.redact(once), once);
  });

  for (const lead of ['\ufeff', '\\', ' ', '\n', '(', '"\'']) {
    it(`changes nothing more when ${JSON.stringify(lead)} stands before a blanked key`, () => {
      const once = redactor.redact(`SharedAccessKey=${lead}hpvvEXHH82ari7bJL000d204qUnObFbIZiMVGFkeBCG=',`);
      assert.ok(!once.includes('hpvv'));
      assert.equal(redactor.redact(once), once);
    });
  }

  it('changes nothing more when a blanked private key stands behind its name and a dash', () => {
    const once = redactor.redact('"private_key":-----BEGIN PRIVATE KEY-----***\n"');
    assert.equal(once, '"private_key":-----BEGIN PRIVATE KEY-----***\n"');
  });

  it('changes nothing more when a blanked value stands behind a marker line and backslashes', () => {
    const own = createRedactor();
    own.register('plain-canary-value');
    const once = own.redact('-----BEGIN PRIVATE KEY-----\\\\plain-canary-valuepassword');
    assert.equal(once, '-----BEGIN PRIVATE KEY-----\\\\***password');
    assert.equal(own.redact(once), once);
  });

  it('changes nothing more when a key stands directly behind a blanked one in quotes', () => {
    const key =
      'IQoJb3JpZ2luX2VjR5prUh92zeGOVy8PxPlzPhXruA0c1wBvPS3vv609xLXOmMkFVayzAA8P2b2IWfR+pHPijLPIgcOX6qOACiSu';
    const other =
      'fN9WaST/R5Gzy3ayNow3J0sk8wBRM2QrVsnAA+ObSsEN3GUY6zsrLMAwFi/FtwTxg3ObPEsYQ/+RWPyxuXkazTh6yOK9SOESEEAR' +
      'yHsOAf+T/LkjfmPvwlRiiGaI6Uc04XGmW7rytNieOcuIvlbY0Fxa7z25==';
    const once = redactor.redact(`name:\n  value: AWS_SESSION_TOKEN"${key}"${other}\nother: 1\n`);
    assert.ok(!once.includes(key));
    assert.equal(redactor.redact(once), once);
  });

  it('changes nothing more when a private key without its end is redacted twice', () => {
    const dirty = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0B\n'.repeat(3)}cEND PRIVATE KEY----- status=401 model=m`;
    const once = redactor.redact(dirty);
    assert.ok(once.endsWith('status=401 model=m'));
    assert.equal(redactor.redact(once), once);
  });

  it('never throws, and leaves no loaded value, whatever the text', () => {
    fc.assert(
      fc.property(text, (dirty) => {
        const clean = redactor.redact(dirty);
        assert.ok(!clean.includes('plain-canary'));
        findSecrets(dirty, redactor.registered);
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads a text in slices as it reads it at once', async () => {
    const { findsIn, Scan } = await import('../../../src/redaction/scan.ts');
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (dirty, chars) => {
        const scan = new Scan(dirty, redactor.registered, 'loose');
        const taken: unknown[] = [];
        for (let isMore = true; isMore; taken.push(...scan.take())) isMore = scan.advance(chars);
        assert.deepEqual(taken, findsIn(dirty, redactor.registered, 'loose'));
      }),
      { numRuns: 500 },
    );
  });

  for (const [mib, what, piece] of [
    [32, 'letters behind a prefix', 'a'],
    [4, 'keys', ' sk-abcdef'],
    [4, 'base64 in a private key', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'],
  ] as const) {
    it(`takes ${mib} MiB of ${what}`, () => {
      const long = `-----BEGIN PRIVATE KEY-----\nsk-${piece.repeat(Math.ceil((mib * 2 ** 20) / piece.length))}`;
      redactor.redact(long);
      findSecrets(long, new KnownSecrets());
      assert.ok(sanitizeErrorMessage(long).length < 10_000);
    });
  }
});
