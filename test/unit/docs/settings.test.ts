import assert from 'node:assert/strict';
import { defaultCircuitOptions } from '../../../src/guard/breaker.ts';
import { capKinds } from '../../../src/guard/caps.ts';
import { defaultTimeouts } from '../../../src/guard/deadlines.ts';
import { defaultRetryOptions } from '../../../src/guard/retry.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import {
  catalogue,
  dialectsOf,
  providerKind,
  providerKinds,
} from '../../../src/providers/config/catalogue.ts';
import type { CatalogueRow } from '../../../src/providers/config/catalogue-row.ts';
import { keyVariablesOf } from '../../../src/providers/config/key-variables.ts';
import { parseProvider, type ProviderConfig } from '../../../src/providers/config/provider-config.ts';
import { sandboxBehaviours } from '../../../src/providers/config/provider-entry.ts';
import { passThroughFormat } from '../../../src/providers/dialects/dialects.ts';
import { parseRoutes } from '../../../src/providers/rules/routes.ts';
import { parseLimitRules } from '../../../src/providers/rules/rulebook.ts';
import { parseTenants } from '../../../src/providers/rules/tenants.ts';
import { settingsLimits } from '../../../src/shared/limits.ts';
import { codeIn, exampleOf, readPage, sectionOf, sorted, tableRowsIn } from '../../support/markdown.ts';

interface Member {
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Member>>;
  readonly additionalProperties?: Member;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Member>> };
  };
}

const words = JSON.parse(readPage('package.nls.json')) as Readonly<Record<string, string>>;
const { contributes } = JSON.parse(readPage('package.json')) as Manifest;
const settings = contributes.configuration.properties;
const entry = settings['callguard.providers']?.additionalProperties?.properties ?? {};

/** What the first column of a table has as code. */
function namesIn(file: string, title: string): string[] {
  return tableRowsIn(sectionOf(file, title)).flatMap(([name = '']) => codeIn(name).slice(0, 1));
}

/** Each row as the name and the value of its first two columns. */
function pairsIn(file: string, title: string): [name: string, value: string | undefined][] {
  return tableRowsIn(sectionOf(file, title)).map(([name = '', shown = '']) => [
    codeIn(name)[0] ?? '',
    codeIn(shown)[0],
  ]);
}

describe('docs/commands.md', () => {
  it('names every command, and no other', () => {
    const listed = tableRowsIn(readPage('docs/commands.md')).map(([name = '']) => name);
    const titles = contributes.commands.map(({ title }) => words[title.slice(1, -1)] ?? '');
    assert.deepEqual(sorted(listed), sorted(titles));
  });
});

describe('docs/settings.md', () => {
  const page = 'docs/settings.md';

  it('names every setting with its default, and no other', () => {
    const [table = ''] = sectionOf(page, 'Settings').split('\n## ');
    const rows = tableRowsIn(table);
    assert.deepEqual(sorted(rows.flatMap(([name = '']) => codeIn(name))), sorted(Object.keys(settings)));
    for (const [name = '', shown = ''] of rows) {
      const [value] = codeIn(shown);
      const { default: real } = settings[name.slice(1, -1)] ?? {};
      if (value !== undefined)
        assert.equal(value, typeof real === 'string' ? real : JSON.stringify(real), name);
    }
  });

  it('names every property of callguard.ledger with its default, and no other', () => {
    const real = Object.entries(settings['callguard.ledger']?.properties ?? {});
    assert.deepEqual(
      pairsIn(page, 'The ledger'),
      real.map(([name, member]) => [name, JSON.stringify(member.default)]),
    );
  });

  it('has the figures that bound a setting', () => {
    const { chars, values, depth, models, patterns, workspaceFolders } = settingsLimits;
    const { providers, routes, tenants, rules } = settingsLimits;
    for (const words of [
      `${chars.toLocaleString('en-US')} characters, ${values.toLocaleString('en-US')} names and values, and ${depth} levels`,
      `the first ${providers} providers, ${routes} routes, ${tenants} tenants, and ${rules} rules`,
      `offer ${models} models and have ${patterns} patterns`,
      `more than ${workspaceFolders} folders`,
    ]) {
      assert.ok(readPage(page).replaceAll(/\s+/g, ' ').includes(words), words);
    }
  });
});

describe('docs/providers.md', () => {
  const page = 'docs/providers.md';

  it("has all properties of a provider's entry in its example, with the defaults", () => {
    const { acme } = exampleOf(page, 'callguard.providers')['callguard.providers'] as {
      acme: Record<string, unknown>;
    };
    assert.deepEqual(sorted([...Object.keys(acme), 'sandbox']), sorted(Object.keys(entry)));
    for (const part of ['models', 'timeouts', 'retry', 'circuit']) {
      const members = Object.keys(entry[part]?.properties ?? {});
      assert.deepEqual(sorted(Object.keys(acme[part] as object)), sorted(members), part);
    }
    const shown = parseProvider('acme', acme);
    const bare = parseProvider('acme', { kind: acme['kind'], baseUrl: acme['baseUrl'] });
    assert.ok(!('problems' in shown) && !('problems' in bare));
    const sameOf = ({
      dialect,
      enabled,
      timeouts,
      retry,
      circuit,
      unknownPriceAllowed,
      strictLimits,
    }: ProviderConfig) => ({ dialect, enabled, timeouts, retry, circuit, unknownPriceAllowed, strictLimits });
    assert.deepEqual(sameOf(shown), sameOf(bare));
  });

  it("describes each property of a provider's entry, and no other", () => {
    assert.deepEqual(sorted(namesIn(page, 'Settings of a provider')), sorted(Object.keys(entry)));
  });

  it("names the kinds that speak both of OpenAI's APIs", () => {
    const [, , kinds = ''] = /`dialect`(.*)Kinds that speak both:(.*)/.exec(readPage(page)) ?? [];
    const real = providerKinds.filter((kind) =>
      dialectsOf(kind).some((spoken) => spoken === 'openai-responses'),
    );
    assert.deepEqual(sorted(codeIn(kinds)), sorted(real));
  });

  for (const [start, isNamed] of [
    ['Local kinds', ({ local }) => local === true],
    ['Kinds without a list of models', ({ noModelList }) => noModelList === true],
    ['Unproven kinds', ({ unproven }) => unproven === true],
  ] as [string, (row: CatalogueRow) => boolean][]) {
    it(`names all kinds in its paragraph '${start}'`, () => {
      const paragraphs = sectionOf(page, 'Kinds').split('\n\n');
      const named = codeIn(paragraphs.find((paragraph) => paragraph.startsWith(start)) ?? '');
      const real = providerKinds.filter((kind) => isNamed(providerKind(kind)));
      assert.ok(real.length > 0);
      assert.deepEqual(named, real);
    });
  }

  it('names the key variables of every kind that has a key', () => {
    const rows = tableRowsIn(sectionOf(page, 'Import keys'));
    assert.deepEqual(
      rows.map(([kind = '', names = '']) => [codeIn(kind)[0], codeIn(names)]),
      providerKinds
        .filter((kind) => providerKind(kind).key !== 'none')
        .map((kind) => [kind, keyVariablesOf(kind)]),
    );
  });

  it('names every kind with its address, its key, and its protocol at the gateway', () => {
    const protocols = new Map([
      ['openai-chat', 'OpenAI'],
      ['anthropic-messages', 'Anthropic'],
    ]);
    const listed = tableRowsIn(sectionOf(page, 'Kinds')).map(([kind, , address, ...others]) => [
      kind?.replaceAll('`', ''),
      address?.replaceAll('`', ''),
      ...others,
    ]);
    const real = providerKinds.map((kind) => {
      const row: { baseUrl?: string; noAddress?: true; key: string } = catalogue[kind];
      const dialect = dialectsOf(kind).find((spoken) => passThroughFormat(spoken) !== undefined);
      const address = row.noAddress === true ? 'none' : (row.baseUrl ?? 'yours');
      return [kind, address, row.key, protocols.get(dialect ?? '') ?? 'none'];
    });
    assert.deepEqual(listed, real);
  });

  it('names every behaviour of the sandbox, and no other', () => {
    assert.deepEqual(namesIn(page, 'The sandbox'), sandboxBehaviours);
  });
});

describe('docs/limits-and-routes.md', () => {
  const page = 'docs/limits-and-routes.md';

  it('has the figures by which the guard decides', () => {
    const how = sectionOf(page, 'How the guard decides').replaceAll(/\s+/g, ' ');
    const { failures, cooldownMs, maxCooldownMs } = defaultCircuitOptions;
    const { connectMs, headersMs, firstContentMs, readMs, callMs } = defaultTimeouts;
    const { retries, budgetShare } = defaultRetryOptions;
    const inSeconds = [connectMs, headersMs, firstContentMs, readMs].map((ms) => `${ms / 1_000} s`);
    for (const figures of [
      `opens after ${failures} failures in a row, for ${cooldownMs / 1_000} s`,
      `up to ${maxCooldownMs / 60_000} min`,
      `${inSeconds[0]} to connect, ${inSeconds[1]} to the headers, ${inSeconds[2]} to the first content`,
      `${inSeconds[3]} of silence between bytes, and ${callMs / 60_000} min for the whole call`,
      `retried at most ${retries} times`,
      `at most ${budgetShare * 100} % of a provider's attempts in a minute may be retries`,
    ]) {
      assert.ok(how.includes(figures), figures);
    }
  });

  it('names every cap, and no other', () => {
    assert.deepEqual(sorted(namesIn(page, 'Caps')), sorted(capKinds));
  });

  it('has an example of caps, routes and tenants that can be read', () => {
    const example = exampleOf(page, 'callguard.limits');
    const problems = [
      parseLimitRules(example['callguard.limits']),
      parseRoutes(example['callguard.routes']),
      parseTenants(example['callguard.tenants'], { home: '/home/me', platform: 'linux' }),
    ].flatMap((parsed) => parsed.problems);
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.keys(example).length, 3);
  });
});

describe('docs/security.md', () => {
  it('names every value of callguard.promptSecrets, and no other', () => {
    assert.deepEqual(
      namesIn('docs/security.md', 'The prompt check'),
      settings['callguard.promptSecrets']?.enum,
    );
  });
});

describe('docs/data.md', () => {
  it('says how long usage and audit rows are kept', () => {
    const kept = tableRowsIn(readPage('docs/data.md')).map((cells) => cells.at(-1));
    const { usageDays, auditDays } = defaultLedgerSettings;
    for (const time of [`${usageDays} days, then by month`, `${auditDays} days`])
      assert.ok(kept.includes(time), time);
  });
});
