import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseOwnShapes } from '../../../src/redaction/own-shapes.ts';
import { findSecrets } from '../../../src/redaction/prompt-scan.ts';
import { createRedactor, longestErrorChars, sanitizeErrorMessage } from '../../../src/redaction/redact.ts';
import { fuzz, mutatedText } from '../../support/fuzz.ts';
import { samples, type Sample } from '../../support/secret-corpus.ts';

const redactor = createRedactor();
const loaded = ['plain-canary-value', 'sk-loaded-value-0123456789', 'p"q r \u{1f511}', 'a\\b\nc d e f'];
for (const value of loaded) redactor.register(value);

/** Words of prose and of code without any secret. */
const harmless = fc
  .array(
    fc.constantFrom(
      ...[
        'The',
        'model',
        'answers',
        'a',
        'question',
        'in',
        'about',
        '30',
        'ms',
        'tokens',
        'prompt',
        'and',
        'stops',
      ],
      ...[
        'const',
        'sum',
        '=',
        'left',
        '+',
        'right',
        ';',
        'return',
        '(',
        ')',
        '{',
        '}',
        '[0]',
        '=>',
        '//',
        '# Title',
      ],
      ...['src/index.ts', 'https://example.com/a?b=c', 'v1.2.3', '2026-11-23', 'é', '模型', '\n'],
      ...[
        'user@example.com',
        '127.0.0.1:8080',
        'TODO',
        '100%',
        '"quoted"',
        "it's",
        '`code`',
        '<b>',
        '| cell |',
        '\t',
      ],
    ),
    { maxLength: 40 },
  )
  .map((words) => words.join(' '));

/** Made once for each seed, because one sample takes as long as all of them. */
const pools = new Map<number, readonly Sample[]>();
const sample = fc.tuple(fc.nat({ max: 3 }), fc.nat()).map(([seed, which]) => {
  const pool = pools.get(seed) ?? [...samples(seed, 1)];
  pools.set(seed, pool);
  return pool[which % pool.length] as Sample;
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  harmless,
  mutatedText(harmless),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...loaded,
          '=',
          ': ',
          'password',
          'Bearer ',
          '"',
          '\\',
          '-----BEGIN PRIVATE KEY-----',
          'sk-',
        ),
        fc.string({ maxLength: 8 }),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

describe('Fuzz: redaction', () => {
  fuzz(
    'a text without a secret stays as it is',
    500,
    fc.property(harmless, (text) => {
      assert.equal(redactor.redact(text), text);
      assert.deepEqual(findSecrets(text, redactor.registered), []);
    }),
  );

  fuzz(
    'any text is redacted once and for all, and no loaded value is left',
    1_000,
    fc.property(anyText, (text) => {
      const once = redactor.redact(text);
      assert.equal(redactor.redact(once), once);
      for (const value of loaded) assert.ok(!once.includes(value));
      const short = sanitizeErrorMessage(text, redactor);
      assert.ok(short.length <= longestErrorChars + 40);
    }),
  );

  fuzz(
    'a changed text with a secret is redacted once and for all',
    30,
    fc.property(
      sample.chain(({ text }) => mutatedText(fc.constant(text))),
      (text) => {
        const once = redactor.redact(text);
        assert.equal(redactor.redact(once), once);
      },
    ),
  );

  fuzz(
    'a made-up key of any kind never survives among other words',
    60,
    fc.property(sample, harmless, harmless, ({ text, pieces, kind, context }, before, after) => {
      const clean = redactor.redact(`${before}\n${text}\n${after}`);
      for (const piece of pieces) assert.ok(!clean.includes(piece), `${kind} in ${context}: ${piece}`);
    }),
  );

  const sets = { alnum: /^[A-Za-z0-9]+$/, base64url: /^[\w-]+$/, hex: /^[0-9a-f]+$/ } as const;
  const ownShape = fc
    .tuple(
      fc.stringMatching(/^[a-z][a-z0-9]{1,5}[_.-]$/),
      fc.constantFrom('alnum', 'base64url', 'hex'),
      fc.integer({ min: 8, max: 24 }),
      fc.nat({ max: 16 }),
    )
    .chain(([prefix, chars, min, more]) => {
      const shape = { name: 'ours', prefix, chars, min, max: min + more } as const;
      const key = fc.stringMatching(new RegExp(sets[chars].source.replace('+', `{${min},${min + more}}`)));
      return key.map((text) => ({ shape, key: text }));
    });

  fuzz(
    "a key of a user's own shape never survives, in a log or a prompt",
    8,
    fc.property(ownShape, harmless, ({ shape, key }, text) => {
      const { shapes, problems } = parseOwnShapes([shape]);
      assert.equal(problems.length, 0);
      const own = createRedactor();
      own.registered.useShapes(shapes);
      const dirty = `${text} ${shape.prefix}${key} ${text}`;
      const once = own.redact(dirty);
      assert.ok(!once.includes(key));
      assert.equal(own.redact(once), once);
      assert.ok(findSecrets(dirty, own.registered).length > 0);
    }),
  );

  fuzz(
    'the finds of a prompt lie in the text, in order',
    500,
    fc.property(
      fc.oneof(
        anyText,
        sample.map(({ text }) => text),
      ),
      (text) => {
        let end = 0;
        for (const { index, length } of findSecrets(text, redactor.registered)) {
          assert.ok(index >= end && length > 0 && index + length <= text.length);
          end = index + length;
        }
      },
    ),
  );

  fuzz(
    'no repeated text takes longer than its length allows',
    12,
    fc.property(
      fc.oneof(
        fc
          .array(
            fc.constantFrom(
              'sk-',
              'a',
              '"',
              '\\',
              'password=',
              ' ',
              '\n',
              '://',
              '@',
              'eyJ',
              '.',
              '-----BEGIN PRIVATE KEY-----',
              '<password>',
              'Bearer ',
            ),
            { minLength: 1, maxLength: 4 },
          )
          .map((parts) => parts.join('')),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
      ),
      (piece) => {
        const long = piece.repeat(Math.ceil((256 * 1024) / piece.length));
        // A quarter of a MiB: some 10 ms, and a minute if it were quadratic, which is longer than a test may take.
        assert.ok(redactor.redact(long).length > 0);
        findSecrets(long, redactor.registered);
      },
    ),
  );
});
