import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { TokenBook, tokenPrefix } from '../../../src/gateway/tokens/tokens.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { looksLikeToken, openToken, sealToken } from '../../../src/vault/fernet.ts';
import { decodeLegacyValue } from '../../../src/vault/legacy.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { kidOfRow, openRow, sealRow } from '../../../src/vault/row.ts';
import { fuzz, mutatedText } from '../../support/fuzz.ts';
import { MemoryTokens } from '../../support/gateway.ts';

const master = MasterKey.generate();
const ring = { source: 'file', current: master, previous: [MasterKey.generate()] } as const;
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((any) => any.toWellFormed());
const key = fc.stringMatching(/^[\x21-\x7e]{1,60}$/);

/** The text with one change, which may be of the alphabet alone, or none. */
const changed = (whole: string) =>
  fc.oneof(
    mutatedText(fc.constant(whole)),
    fc
      .tuple(fc.nat({ max: whole.length - 1 }), fc.stringMatching(/^[A-Za-z0-9_=+/ -]$/))
      .map(([at, put]) => whole.slice(0, at) + put + whole.slice(at + 1)),
    fc.constantFrom(
      ...[
        whole.toLowerCase(),
        whole.toUpperCase(),
        `${whole} `,
        ` ${whole}`,
        `${whole}\0`,
        whole.slice(0, -1),
      ],
      ...[whole.replace(/=+$/, ''), `${whole}=`, whole.replaceAll('_', '/'), whole.replaceAll('-', '+')],
    ),
  );

describe('Fuzz: tokens', () => {
  fuzz(
    'a sealed text opens to itself, under its own key only',
    40,
    fc.asyncProperty(text, async (plain) => {
      const token = await sealToken(plain, master);
      assert.ok(looksLikeToken(token));
      assert.deepEqual(openToken(token, master), { ok: true, value: plain });
      assert.deepEqual(openToken(token, MasterKey.generate()), { ok: false, error: 'mac' });
    }),
  );

  let sealed = '';
  before(async () => {
    sealed = await sealToken('sk-canary-0123456789', master);
  });

  fuzz(
    'a changed Fernet token never opens',
    1_500,
    fc.property(
      fc.constant(undefined).chain(() => changed(sealed)),
      (token) => {
        assert.equal(openToken(token, master).ok, token === sealed);
      },
    ),
  );

  fuzz(
    'any text as a token, a legacy value or a master key is read or refused, and never throws',
    1_000,
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 120 }),
        fc.base64String({ maxLength: 200 }),
        fc
          .uint8Array({ maxLength: 120 })
          .map((bytes) => Buffer.from([0x80, 0, 0, 0, 0, ...bytes]).toString('base64url')),
        fc.uint8Array({ minLength: 30, maxLength: 34 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      ),
      (any) => {
        assert.equal(openToken(any, master).ok, false);
        assert.equal(openToken(any, master, { nowMs: 0, ttlMs: 1 }).ok, false);
        if (looksLikeToken(any.trim())) assert.equal(decodeLegacyValue(any, ring).ok, false);
        else decodeLegacyValue(any, ring);
        const parsed = MasterKey.parse(any);
        if (parsed !== undefined) assert.equal(MasterKey.parse(parsed.reveal())?.kid, parsed.kid);
      },
    ),
  );

  fuzz(
    'a row opens for its own provider to the same key and origin, and not when it was changed',
    40,
    fc.asyncProperty(
      key,
      fc.webUrl(),
      fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
      async (plain, url, places) => {
        const { origin } = new URL(url);
        const row = await sealRow({ provider: 'acme', origin, key: new Secret(plain) }, master);
        const opened = openRow(row, 'acme', ring);
        assert.ok(opened.ok);
        assert.deepEqual(
          [opened.value.key.reveal(), opened.value.origin, opened.value.kid, kidOfRow(row)],
          [plain, origin, master.kid, master.kid],
        );
        assert.ok(!openRow(row, 'other', ring).ok);
        for (const place of places) {
          const at = place % row.length;
          for (const put of ['x', '0', '"', ' ', ''])
            assertSameOrNone(row.slice(0, at) + put + row.slice(at + 1), plain, origin);
        }
      },
    ),
  );

  fuzz(
    'any text as a row is refused and never throws',
    500,
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        mutatedText(fc.constant(`{"kid":"${master.kid}","token":"gAAAAAB"}`)),
      ),
      (any) => {
        assert.ok(!openRow(any, 'acme', ring).ok);
        kidOfRow(any);
      },
    ),
  );

  const book = new TokenBook(new MemoryTokens(), systemClock);
  const issued: string[] = [];
  before(async () => {
    for (const tenant of ['a', 'b', 'a']) issued.push((await book.issue({ kind: 'calls', tenant })).token);
    issued.push((await book.issue({ kind: 'management' })).token);
  });

  fuzz(
    'a gateway token lets in as it was issued, and a changed one never does',
    1_500,
    fc.asyncProperty(
      fc.nat({ max: 3 }).chain((which) => fc.tuple(fc.constant(which), changed(issued[which] ?? ''))),
      async ([which, token]) => {
        const grant = await book.grantOf(token);
        // The first token for 'a' was revoked by the second.
        const expected = [
          undefined,
          { kind: 'calls', tenant: 'b' },
          { kind: 'calls', tenant: 'a' },
          { kind: 'management' },
        ];
        assert.deepEqual(grant, token === issued[which] ? expected[which] : undefined);
      },
    ),
  );

  fuzz(
    'a made-up gateway token never lets in',
    500,
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.constant(undefined).map(() => tokenPrefix + randomBytes(32).toString('base64url')),
      ),
      async (token) => {
        assert.equal(await book.grantOf(token), undefined);
      },
    ),
  );
});

/** White space of the JSON around a token may change; what is in the token may not. */
function assertSameOrNone(row: string, plain: string, origin: string): void {
  const opened = openRow(row, 'acme', ring);
  if (opened.ok) assert.deepEqual([opened.value.key.reveal(), opened.value.origin], [plain, origin]);
}
