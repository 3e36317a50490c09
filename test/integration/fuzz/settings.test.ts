import assert from 'node:assert/strict';
import fc from 'fast-check';
import { modelList } from '../../../src/gateway/requests/model-list.ts';
import { providerConfigs } from '../../../src/gateway/management/provider-configs.ts';
import { createResolver } from '../../../src/providers/rules/resolver.ts';
import { nothingOpen } from '../../../src/providers/rules/tenants.ts';
import { parseSettings, type RawSettings, type Settings } from '../../../src/settings/settings.ts';
import { english } from '../../../src/shared/l10n.ts';
import { anyJson, fuzz, nearly } from '../../support/fuzz.ts';
import { readPage } from '../../support/markdown.ts';

interface Manifest {
  readonly contributes: { readonly configuration: { readonly properties: object } };
}

/** A good value of each setting, with every member that it may have. */
const good: Readonly<Record<string, unknown>> = {
  providers: {
    acme: {
      kind: 'openai',
      dialect: 'openai-chat',
      enabled: true,
      baseUrl: 'https://acme.example/v1',
      headers: { 'x-team': 'a' },
      query: { 'api-version': '1' },
      models: { list: ['m', 'n'], allow: ['m*', 'n'], deny: ['x'], default: 'deny' },
      limits: { requestsPerDay: 10, usdPerDay: 1.5, strict: true, assumedOutputTokens: 100 },
      prices: { m: { input: 1, cachedInput: 0.5, output: 2 } },
      unknownPrice: 'allow',
      timeouts: { connect: 1, read: 2, headers: 3, firstContent: 4, call: 5 },
      retry: { retries: 1, base: 1, cap: 2, budgetShare: 0.1, budgetFloor: 1 },
      circuit: { failures: 1, cooldown: 1, maxCooldown: 2 },
    },
    box: { kind: 'sandbox', sandbox: 'slow' },
  },
  defaultModel: 'acme/m',
  limits: [{ tenant: '*', provider: 'acme', model: 'm', requestsPerMinute: 1, usdPerMonth: 5 }],
  routes: { fast: ['acme/m', 'box/echo'] },
  tenants: { work: ['~/clients/*', '/c:/x'] },
  timeZone: 'Europe/Berlin',
  'vault.requireEnvironmentKey': false,
  promptSecrets: 'block',
  'redaction.shapes': [{ name: 'ours', prefix: 'our_', chars: 'alnum', min: 16, max: 32 }],
  statusBar: ['requests', 'cost'],
  'metrics.textfile': '/tmp/callguard.prom',
  'gateway.port': 22_557,
  'gateway.maxBodyMiB': 8,
  'gateway.capStatus': '402',
  ledger: { usageDays: 31, auditDays: 1, holdMinutes: 1, patience: 1 },
  ledgerFolder: '/tmp/ledger',
};
const goodLayers = { 'workspace.models': ['m*'], 'workspace.limits': { requestsPerDay: 1, usdPerDay: 2 } };

const layer = (name: keyof typeof goodLayers) => fc.array(nearly(goodLayers[name]), { maxLength: 3 });

const place = fc.option(
  fc.record({
    scheme: fc.constantFrom('file', 'vscode-remote', ''),
    authority: fc.oneof(fc.constantFrom('', 'wsl+Ubuntu'), fc.string()),
    path: fc.oneof(fc.constantFrom('/home/me/clients/a', '/C:/x', ''), fc.string()),
  }),
  { nil: undefined },
);
const folders = fc
  .tuple(place, place, fc.boolean())
  .map(([first, workspaceFile, isThere]) => ({ first, workspaceFile, isFirstThere: () => isThere }));

const settings = fc
  .tuple(
    fc.record(Object.fromEntries(Object.entries(good).map(([name, value]) => [name, nearly(value)]))),
    fc.record({
      'workspace.models': layer('workspace.models'),
      'workspace.limits': layer('workspace.limits'),
    }),
    folders,
  )
  .map(([user, layers, open]): RawSettings => ({
    user: (name) => user[name],
    layers: (name) => layers[name as keyof typeof layers],
    folders: open,
  }));

/** Every number in the value, with its place. */
function* numbersIn(value: unknown, place = ''): Generator<readonly [place: string, number: number]> {
  if (typeof value === 'number') yield [place, value];
  else if (value instanceof Map) yield* numbersIn(Object.fromEntries(value), place);
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) yield* numbersIn(member, `${place}.${name}`);
}

function assertSound(parsed: Settings): void {
  for (const problem of parsed.problems) {
    assert.match(problem, /\S/);
    assert.doesNotMatch(problem, /undefined|\[object Object\]|NaN/);
  }
  for (const problem of parsed.problemsElsewhere) assert.ok(parsed.problems.includes(problem(english)));
  for (const [place, number] of numbersIn(parsed))
    assert.ok(Number.isFinite(number), `${place} is ${number}`);
  assert.notEqual(parsed.tenant, '');
}

describe('Fuzz: settings', () => {
  it('has a good value of every setting', () => {
    const { contributes } = JSON.parse(readPage('package.json')) as Manifest;
    const names = [contributes.configuration].flat().flatMap(({ properties }) => Object.keys(properties));
    const tried = [...Object.keys(good), ...Object.keys(goodLayers)].map((name) => `callguard.${name}`);
    assert.deepEqual(tried.sort(), names.sort());
  });

  it('reads the good settings without a problem', () => {
    const parsed = parseSettings({ user: (name) => good[name], layers: () => [], folders: nothingOpen });
    assert.deepEqual(parsed.problems, []);
  });

  fuzz(
    'any values are parsed, and what is wrong with them is worded',
    200,
    fc.property(settings, (raw) => {
      assertSound(parseSettings(raw));
    }),
  );

  fuzz(
    'a broken setting changes no other one',
    200,
    fc.property(fc.constantFrom(...Object.keys(good)), anyJson, (broken, value) => {
      const raw = (name: string) => (name === broken ? value : good[name]);
      const parsed = parseSettings({ user: raw, layers: () => [], folders: nothingOpen });
      assertSound(parsed);
      const whole = parseSettings({ user: (name) => good[name], layers: () => [], folders: nothingOpen });
      if (broken !== 'providers') assert.deepEqual(parsed.providers, whole.providers);
      if (broken !== 'limits') assert.deepEqual(parsed.limits, whole.limits);
      if (broken !== 'ledger') assert.deepEqual(parsed.ledger, whole.ledger);
      if (broken !== 'routes') assert.deepEqual(parsed.routes, whole.routes);
    }),
  );

  fuzz(
    'what was parsed can be used: targets are resolved, models listed, providers shown',
    150,
    fc.property(settings, fc.oneof(fc.constantFrom('m', 'M', 'models/m', 'x'), fc.string()), (raw, model) => {
      const parsed = parseSettings(raw);
      const { resolve } = createResolver(
        () => parsed,
        () => () => undefined,
      );
      for (const provider of [...parsed.providers.usable.keys(), 'missing']) {
        for (const source of ['editor', 'gateway'] as const) {
          const call = { source, tenant: parsed.tenant } as Parameters<typeof resolve>[1];
          const resolved = resolve({ provider, model }, call);
          if (resolved.ok)
            for (const { limit } of resolved.value.caps) assert.ok(Number.isFinite(limit) && limit >= 0);
        }
      }
      for (const protocol of ['openai', 'anthropic'] as const) JSON.stringify(modelList(protocol, parsed));
      JSON.stringify(providerConfigs(parsed.providers));
    }),
  );
});
