import { randomInt } from 'node:crypto';
import process from 'node:process';
import fc from 'fast-check';

/** The seed of all properties of this process. `FUZZ_SEED` repeats an earlier run, with `FUZZ_PATH` its counterexample. */
export const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const path = process.env['FUZZ_PATH'];
console.log(`  fuzz: seed ${seed}`);

/** So long each property is tried; undefined for its fixed number of runs. Set by the proof, before it loads the tests. */
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 0);

/** The time beyond that for the last run, and for a counterexample to be made small. */
const graceMs = 60_000;

type Property = fc.IProperty<unknown> | fc.IAsyncProperty<unknown>;

/** Adds a test of a property. With an own `seed` it always tries the same inputs. */
export function fuzz<T>(title: string, runs: number, property: fc.IRawProperty<T>): void {
  it(title, async function () {
    this.timeout(seconds * 1_000 + graceMs);
    const details = await fc.check(property as Property, {
      seed,
      ...(path === undefined ? {} : { path }),
      ...(seconds === 0
        ? { numRuns: runs }
        : {
            numRuns: Number.MAX_SAFE_INTEGER,
            interruptAfterTimeLimit: seconds * 1_000,
            markInterruptAsFailure: false,
          }),
    });
    if (seconds > 0) console.log(`      ${details.numRuns} runs`);
    if (!details.failed) return;
    const again = `FUZZ_SEED=${details.seed} FUZZ_PATH=${details.counterexamplePath ?? ''} npm test -- integration -g '${title}'`;
    const report = fc.defaultReportMessage(details);
    throw new Error(`${report}\n\nRepeat it with ${again}`, { cause: details.errorInstance });
  });
}

/** One change of some bytes. */
type Change = readonly [at: number, length: number, put: Uint8Array];

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.nat(),
  fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 4 }) }, { weight: 1, arbitrary: fc.nat({ max: 200 }) }),
  fc.oneof(
    { weight: 3, arbitrary: fc.uint8Array({ maxLength: 3 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }).map((text) => Buffer.from(text)) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          '"',
          '\\',
          '{',
          '}',
          '[',
          ']',
          ':',
          ',',
          '\n',
          '\r',
          '\0',
          ' ',
          '\n\n',
          '\u2028',
          '\ufeff',
        )
        .map((text) => Buffer.from(text)),
    },
  ),
);

/** The bytes with pieces of them cut out, replaced or added. They may stay as they are. */
export function mutated(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> {
  return fc.tuple(bytes, fc.array(change, { maxLength: 4 })).map(([whole, changes]) =>
    changes.reduce((before: Buffer, [at, length, put]) => {
      const start = at % (before.length + 1);
      return Buffer.concat([before.subarray(0, start), put, before.subarray(start + length)]);
    }, Buffer.from(whole)),
  );
}

export function mutatedText(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return mutated(text.map((each) => Buffer.from(each))).map((bytes) => bytes.toString());
}

/** Sizes of chunks: mostly small, so that every border is hit. */
export const sizes = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }) },
    { weight: 2, arbitrary: fc.integer({ min: 10, max: 400 }) },
    { weight: 1, arbitrary: fc.constant(65_536) },
  ),
  { minLength: 1, maxLength: 8 },
);

/** The bytes in chunks of these sizes, which are repeated. */
export function chunksOf(bytes: Buffer, some: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = some[turn % some.length] ?? bytes.length;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** Any JSON value; often with the names that JavaScript has for itself. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as unknown),
  fc.constantFrom<unknown>(
    ...[
      undefined,
      null,
      true,
      0,
      -1,
      1e308,
      5e-324,
      '',
      ' ',
      '\0',
      '\ud800',
      '__proto__',
      'constructor',
      [],
      {},
    ],
    ...[JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"constructor":null,"toString":1}'), [[]], [null]],
  ),
);

/** A value of which parts are replaced by any JSON. */
export function nearly(value: unknown): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 1, arbitrary: anyJson },
    { weight: 2, arbitrary: fc.constant(value) },
    ...(Array.isArray(value)
      ? [
          {
            weight: 3,
            arbitrary: fc
              .array(fc.oneof(...(value.length === 0 ? [anyJson] : value.map(nearly))), { maxLength: 4 })
              .map((items): unknown => items),
          },
        ]
      : typeof value === 'object' && value !== null
        ? [{ weight: 6, arbitrary: nearlyObject(value) }]
        : typeof value === 'string'
          ? [{ weight: 2, arbitrary: mutatedText(fc.constant(value)).map((text): unknown => text) }]
          : []),
  );
}

function nearlyObject(value: object): fc.Arbitrary<unknown> {
  const entries = Object.entries(value).map(([name, member]) =>
    fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant(name) }, { weight: 1, arbitrary: fc.string() }),
      nearly(member),
      fc.nat({ max: 5 }).map((drawn) => drawn > 0),
    ),
  );
  return fc
    .tuple(...entries)
    .map((drawn): unknown =>
      Object.fromEntries(drawn.filter(([, , isKept]) => isKept).map(([name, member]) => [name, member])),
    );
}
