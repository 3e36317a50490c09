import assert from 'node:assert/strict';
import { nothingOpen } from '../../src/providers/rules/tenants.ts';
import { parseSettings, type Settings } from '../../src/settings/settings.ts';
import { settingsLimits } from '../../src/shared/limits.ts';

type Values = Readonly<Record<string, unknown>>;

function parse(user: Values, layers: Values = {}): Settings {
  return parseSettings({
    user: (name) => user[name],
    layers: (name) => [layers[name]].filter((value) => value !== undefined),
    folders: nothingOpen,
  });
}

function times<T>(count: number, item: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => item(at));
}

function record<T>(count: number, item: (at: number) => T): Record<string, T> {
  return Object.fromEntries(times(count, (at) => [`n${at}`, item(at)]));
}

function nested(depth: number): unknown {
  return times(depth, (at) => at).reduce<unknown>((inner) => ({ models: [inner] }), 1);
}

const long = 'x'.repeat(10_000_000);
const acme = { kind: 'openai', models: { list: ['m'] } };
const names = [
  ...['providers', 'defaultModel', 'limits', 'routes', 'tenants', 'timeZone', 'vault.requireEnvironmentKey'],
  ...[
    'promptSecrets',
    'redaction.shapes',
    'statusBar',
    'metrics.textfile',
    'gateway.port',
    'gateway.maxBodyMiB',
    'gateway.capStatus',
    'ledger',
    'ledgerFolder',
  ],
];
const layerNames = ['workspace.models', 'workspace.limits'];
const hostile: readonly [string, unknown][] = [
  ['ten megabytes of text', long],
  ['a list of ten megabytes of text', [long]],
  ['a name of ten megabytes', { [long]: {} }],
  ['a million values', times(1_000_000, (at) => at)],
  ['twenty thousand entries', record(20_000, () => acme)],
  ['a hundred thousand levels', nested(100_000)],
  ['seventeen levels', nested(9)],
  ['a thousand long names', Object.fromEntries(times(1_000, (at) => [`${'y'.repeat(900)}${at}`, 7]))],
];

describe('settings of any size', () => {
  for (const [what, value] of hostile) {
    it(`are refused in few words if each is ${what}`, () => {
      const all = Object.fromEntries([...names, ...layerNames].map((name) => [name, value]));
      const { problems, providers } = parse(all, all);
      assert.ok(
        problems.length > 0 && problems.length <= 2 * settingsLimits.problems + settingsLimits.providers + 2,
      );
      assert.ok(Math.max(...problems.map(({ length }) => length)) <= settingsLimits.problemChars + 1);
      assert.ok(providers.usable.size + providers.broken.length <= settingsLimits.providers + 1);
    });
  }

  it('are refused by the parser of each setting, which then does what it does with one that is broken', () => {
    const all = Object.fromEntries(names.map((name) => [name, long]));
    const settings = parse(all, { 'workspace.models': [long] });
    assert.equal(settings.promptSecrets, 'block');
    assert.equal(settings.requireEnvironmentKey, true);
    assert.deepEqual(settings.workspaceModels, [['']]);
    assert.ok(settings.problems.includes('callguard.limits: is too large'));
  });

  it('break the one provider that is too large or too deep, and no other', () => {
    const providers = { big: { ...acme, headers: { a: long } }, deep: { ...acme, query: nested(20) }, acme };
    const { usable, broken } = parse({ providers }).providers;
    assert.deepEqual([...usable.keys()], ['acme']);
    assert.deepEqual(
      broken.map(({ id, problems }) => [id, problems.map((problem) => problem({ t: (text) => text }))]),
      [
        ['big', ['big: is too large']],
        ['deep', ['deep: is nested too deeply']],
      ],
    );
  });

  it('use the first entries of a list with too many, and say so', () => {
    const many = settingsLimits.providers + 50;
    const settings = parse({
      providers: record(many, () => acme),
      routes: record(many, () => ['n1/m']),
      tenants: record(many, () => ['/srv/*']),
      limits: times(many, () => ({ requestsPerDay: 1 })),
    });
    assert.equal(settings.providers.usable.size, settingsLimits.providers);
    assert.equal(settings.routes.size, settingsLimits.routes);
    assert.equal(settings.tenants.length, settingsLimits.tenants);
    assert.equal(settings.limits.length, settingsLimits.rules);
    for (const [name, most] of [
      ['providers', 200],
      ['routes', 200],
      ['tenants', 200],
      ['limits', 100],
    ] as const) {
      const words = `callguard.${name}: has more than ${most} entries, and the others are not used`;
      assert.ok(settings.problems.includes(words), words);
    }
  });

  it('may be a list of a thousand models, a hundred patterns, and fifty targets', () => {
    const { models, patterns, targets } = settingsLimits;
    const list = times(models, (at) => `vendor/model-${at}`);
    const allow = times(patterns, (at) => `vendor/*-${at}`);
    const settings = parse({
      providers: { acme: { ...acme, models: { list, allow: [...allow.slice(1), '*'] } } },
      routes: { all: times(targets, (at) => `acme/vendor/model-${at}`) },
    });
    assert.deepEqual(settings.problems, []);
    const larger = { kind: 'openai', models: { list: [...list, 'x'], allow: [...allow, 'x'] } };
    assert.deepEqual(parse({ providers: { larger } }).problems, [
      'larger.models.list: must be at most 1000',
      'larger.models.allow: must be at most 100',
    ]);
    assert.deepEqual(parse({ routes: { all: times(targets + 1, () => 'acme/m') } }).problems, [
      'callguard.routes.all: must list at most 50 models',
    ]);
  });

  it('are refused if a pattern has more stars than anybody needs', () => {
    const deny = ['a*'.repeat(settingsLimits.stars), 'a*'.repeat(settingsLimits.stars + 1), 'a b'];
    const parsed = parse(
      { providers: { acme: { kind: 'openai', models: { deny } } } },
      { 'workspace.models': deny.slice(0, 2) },
    );
    assert.deepEqual(parsed.problems, [
      'acme.models.deny.1: must have at most 8 stars',
      'acme.models.deny.2: matches no model: its name would be refused',
      'callguard.workspace.models: must be a list of model ids; until you fix it, no model is allowed',
    ]);
  });

  it('come to an end if every model of a long list is compared with every pattern', () => {
    const star = (at: number) => `${'a*'.repeat(settingsLimits.stars)}${at}`;
    const deny = times(settingsLimits.patterns, star);
    const list = times(settingsLimits.models, (at) => `${'a'.repeat(190)}${at}`);
    const providers = record(4, () => ({ kind: 'openai', models: { list, deny } }));
    const { providers: parsed } = parse({ providers }, { 'workspace.models': deny });
    assert.ok(parsed.usable.size > 0);
  });
});
