import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commands } from '../../src/editor/commands/command-table.ts';
import { parseLedgerSettings } from '../../src/ledger/ledger-settings.ts';
import { parseRoutes } from '../../src/providers/rules/routes.ts';
import { parseProvider } from '../../src/providers/config/provider-config.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly default?: unknown;
  readonly scope?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly propertyNames?: { readonly pattern: string };
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const read = (name: string) => readFileSync(path.join(import.meta.dirname, '../..', name), 'utf8');
const text = read('package.json');
const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { contributes } = JSON.parse(text) as {
  contributes: {
    commands: { command: string; title: string; category: string }[];
    configuration: { properties: Record<string, Schema> };
  };
};
const settings = Object.entries(contributes.configuration.properties);

/** Every member of a schema, however deep, by its path; `*` stands for a name that the user chooses. */
function membersOf(schema: Schema, at: string): [path: string, member: Schema][] {
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
  const named = Object.entries(properties).flatMap(([name, member]): [string, Schema][] => [
    [`${at}.${name}`, member],
    ...membersOf(member, `${at}.${name}`),
  ]);
  const unnamed = [
    items,
    typeof additionalProperties === 'object' ? additionalProperties : undefined,
    ...anyOf,
  ];
  return [...named, ...unnamed.flatMap((each) => (each === undefined ? [] : membersOf(each, `${at}.*`)))];
}

const members = settings.flatMap(([id, schema]) => membersOf(schema, id));

describe('a setting', () => {
  for (const [id, schema] of settings) {
    const scope = id.startsWith('callguard.workspace.') ? 'resource' : 'application';
    it(`${id} has the scope '${scope}', a default and a description`, () => {
      assert.equal(schema.scope, scope);
      assert.notEqual(schema.default, undefined);
      assert.match(schema.markdownDescription ?? '', /^%[\w.]+%$/);
    });
  }

  it('describes each of its members, and each choice where it describes one', () => {
    for (const [at, member] of members) assert.match(member.description ?? '', /^%[\w.]+%$/, at);
    for (const [at, { enum: choices, enumDescriptions }] of [...settings, ...members]) {
      if (enumDescriptions !== undefined) assert.equal(enumDescriptions.length, choices?.length, at);
    }
  });
});

/** More than any setting is meant to be, where a schema names no most. */
const endless = 1e9;

/** Values at a number's bounds, and whether the schema lets them pass. */
function atBounds({ minimum, exclusiveMinimum, maximum }: Schema): [value: number, passes: boolean][] {
  const bounds: [number | undefined, boolean][] = [
    [maximum ?? endless, true],
    [maximum && maximum + 1, false],
    [minimum, true],
    [minimum === undefined ? undefined : minimum - 1, false],
    [exclusiveMinimum, false],
  ];
  return bounds.flatMap(([value, passes]) => (value === undefined ? [] : [[value, passes]]));
}

describe("a member of a provider's entry", () => {
  const own = membersOf(contributes.configuration.properties['callguard.providers'] ?? {}, '');
  const entryWith = (at: string, value: unknown): unknown =>
    at.split('.').reduceRight((inner, name) => ({ [name]: inner }), value);
  const base = { kind: 'openai' };

  it('has the default that holds when it is absent', () => {
    const withDefault = own.filter(([, member]) => member.default !== undefined);
    for (const [at, member] of withDefault) {
      const entry = Object.assign({}, base, entryWith(at.replace('.*.', ''), member.default));
      assert.deepEqual(parseProvider('acme', entry), parseProvider('acme', base), at);
    }
    assert.ok(withDefault.length >= 20);
  });

  it('has the bounds that hold: what the settings editor lets pass breaks no provider', () => {
    const numbers = own.filter(
      ([at, { type }]) => !at.includes('prices') && /^(number|integer)$/.test(type ?? ''),
    );
    for (const [at, member] of numbers) {
      for (const [value, passes] of atBounds(member)) {
        const parsed = parseProvider('acme', {
          ...base,
          ...(entryWith(at.replace('.*.', ''), value) as object),
        });
        // A mistake in a model's details leaves only the value out.
        const isRead = !('problems' in parsed) && parsed.warnings.length === 0;
        assert.equal(isRead, passes, `${at}: ${value}`);
      }
    }
    assert.ok(numbers.length >= 20);
  });

  it('has one wherever there is one to show', () => {
    const without = own.flatMap(([at, { default: value, type }]) =>
      value !== undefined || type === 'object' ? [] : [at.replace('.*.', '')],
    );
    assert.deepEqual(
      without.filter((at) => !/^(limits|prices|headers|models\.details)\./.test(at)),
      // Needed; the kind's own; where it depends on the kind; and what is learnt unless it is set.
      [
        ...['kind', 'dialect', 'baseUrl', 'timeouts.headers', 'quirks.streamOptions'],
        ...['quirks.outputLimit', 'quirks.systemRole', 'quirks.temperature'],
      ],
    );
  });
});

describe('a member of callguard.ledger', () => {
  it('has the bounds that hold', () => {
    const { properties = {} } = contributes.configuration.properties['callguard.ledger'] ?? {};
    for (const [name, member] of Object.entries(properties)) {
      for (const [value, passes] of atBounds(member)) {
        assert.equal(
          parseLedgerSettings({ [name]: value }).problems.length === 0,
          passes,
          `${name}: ${value}`,
        );
      }
    }
  });
});

describe('a route', () => {
  it('has the names that can be read', () => {
    const { pattern = '' } = contributes.configuration.properties['callguard.routes']?.propertyNames ?? {};
    for (const name of ['best', 'Best.2_a-b', 'my route', 'a/b', '-x', '', 'x'.repeat(63), 'x'.repeat(64)]) {
      const { problems } = parseRoutes({ [name]: ['acme/small'] });
      assert.equal(new RegExp(pattern).test(name), problems.length === 0, name);
    }
  });
});

describe('a command', () => {
  it('has a title and the category by which all of them are found', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.deepEqual([title, category], [`%${command.replace('callguard.', 'command.')}%`, 'Callguard']);
    }
  });

  it('is there if it is contributed, and contributed if it is there', () => {
    const ids = (list: readonly string[]) => [...list].sort();
    assert.deepEqual(
      ids(contributes.commands.map(({ command }) => command)),
      ids(commands.map(({ id }) => id)),
    );
  });
});

describe('the words of package.nls.json', () => {
  it('are all there, and all used', () => {
    const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...used].sort(), Object.keys(words).sort());
  });

  it('say something', () => {
    for (const [key, word] of Object.entries(words)) assert.ok(word.trim() !== '', key);
  });
});
