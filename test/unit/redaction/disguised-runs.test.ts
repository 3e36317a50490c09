import assert from 'node:assert/strict';
import { KnownSecrets } from '../../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../../src/redaction/prompt-scan.ts';
import { createRedactor } from '../../../src/redaction/redact.ts';

const key = `sk-proj-${'a1B2c3D4'.repeat(6)}`;
const loaded = 'k9Q2vB7xLw4TzR8mNc5JhF3d';

const hex = (char: string) => char.charCodeAt(0).toString(16).padStart(2, '0');
const unicode = (text: string) => text.replaceAll(/[^]/g, (char) => `\\u00${hex(char)}`);
const percent = (text: string) => text.replaceAll(/[^]/g, (char) => `%${hex(char).toUpperCase()}`);
const entities = (text: string) => text.replaceAll(/[^]/g, (char) => `&#${char.charCodeAt(0)};`);
/** The first letter alone. */
const first = (write: (text: string) => string) => (text: string) => write(text.slice(0, 1)) + text.slice(1);
/** One in the middle. */
const inner = (write: (text: string) => string) => (text: string) =>
  text.slice(0, 10) + write(text.slice(10, 11)) + text.slice(11);
const between = (mark: string) => (text: string) =>
  `${text.slice(0, 2)}${mark}${text.slice(2, 14)}${mark}${text.slice(14)}`;

const disguises: Readonly<Record<string, (secret: string) => string>> = {
  'JSON escapes of the first letter': first(unicode),
  'JSON escapes of a letter within': inner(unicode),
  'JSON escapes of every letter': unicode,
  'JSON escapes in JSON in JSON': (secret) => first(unicode)(secret).replace('\\', '\\\\\\\\'),
  'escapes of JavaScript': first((text) => `\\x${hex(text)}`),
  'percent escapes of the first letter': first(percent),
  'percent escapes of a letter within': inner(percent),
  'percent escapes of every letter': percent,
  'percent escapes, escaped twice': (secret) => encodeURIComponent(first(percent)(secret)),
  'entities of HTML': first(entities),
  'entities of every letter': entities,
  'hexadecimal entities': first((text) => `&#x${hex(text)};`),
  'escapes of HTML in JSON': (secret) => first(entities)(secret).replace('&', '\\u0026'),
  'percent escapes of JSON escapes': (secret) => encodeURIComponent(first(unicode)(secret)),
  'zero-width spaces': between('\u200b'),
  'word joiners': between('\u2060'),
  'colours of grep': between('\u001b[m\u001b[K'),
  'colours of grep in JSON': between('\\u001b[m\\u001b[K'),
  'soft breaks of a mail': between('=\r\n'),
  'lines that a shell joins': between('\\\n'),
};

const contexts: Readonly<Record<string, (secret: string) => string>> = {
  'a line': (secret) => `Why does ${secret} no longer work?`,
  'arguments of a tool call': (secret) =>
    `{"command":"curl -H 'x: ${secret}' https://h.example","timeout":5}`,
  'a URL': (secret) => `https://h.example/v1?q=1&x=${secret}&y=2`,
  'a form': (secret) => `user=me&value=${secret}&next=1`,
};

describe('a secret in disguise', () => {
  const known = new KnownSecrets();
  known.add(loaded);
  const redactor = createRedactor();
  redactor.register(loaded);

  for (const [what, write] of Object.entries(disguises)) {
    it(`is found in a prompt and in the log behind ${what}`, () => {
      for (const [where, context] of Object.entries(contexts)) {
        for (const secret of [key, loaded]) {
          const disguised = write(secret);
          const text = context(disguised);
          const found = findSecrets(text, known).map(({ index, length }) =>
            text.slice(index, index + length),
          );
          assert.deepEqual(found, [disguised], where);
          const clean = redactor.redact(text);
          assert.ok(!clean.includes(disguised.slice(-20)), `${where}: ${clean}`);
          assert.equal(redactor.redact(clean), clean, where);
        }
      }
    });
  }

  it('is named by its kind, and a loaded one as loaded', () => {
    const kinds = (text: string) => findSecrets(text, known).map(({ kind }) => kind);
    assert.deepEqual(kinds(`x ${first(unicode)(key)} y`), ['openaiProject']);
    assert.deepEqual(kinds(`x ${inner(percent)(loaded)} y`), ['loaded']);
  });

  it('is found wherever it stands in a long line of escapes', () => {
    for (let before = 0; before < 20_000; before += 661) {
      const text = unicode('ab '.repeat(before / 3)) + unicode(` ${key} `) + unicode('ab '.repeat(500));
      const found = findSecrets(text, known).map(({ index, length }) => text.slice(index, index + length));
      assert.deepEqual(found, [unicode(key)], `${before} letters before it`);
    }
  });

  it('is found in each of many lines', () => {
    const text = `${first(unicode)(key)}\n`.repeat(2_000);
    assert.equal(findSecrets(text, known).length, 2_000);
  });

  for (const harmless of [
    String.raw`const table = "\u0041-\u005A\u0061-\u007A\u00AA";`,
    String.raw`C:\x86\x64\users and "\x73\x6b"`,
    'https://h.example/%73earch?q=%41%42%43',
    'FIRST=\nSECOND=\nTHIRD=1\n',
    '\u001b[32mok\u001b[0m\u001b[1mword\u001b[m\u001b[Kword',
    '&#115;earch &#x41;&#66;',
  ]) {
    it(`is not seen in: ${JSON.stringify(harmless)}`, () => {
      assert.deepEqual(findSecrets(harmless, known), []);
      assert.equal(redactor.redact(harmless), harmless);
    });
  }
});
