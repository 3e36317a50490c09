import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { defaultGatewayOptions } from '../../src/gateway/gateway.ts';
import { routes } from '../../src/gateway/http-routes.ts';
import { defaultCircuitOptions } from '../../src/guard/breaker.ts';
import { capKinds } from '../../src/guard/caps.ts';
import { defaultTimeouts } from '../../src/guard/deadlines.ts';
import { defaultLedgerSettings } from '../../src/ledger/ledger-settings.ts';
import { metricsText } from '../../src/observe/metrics.ts';
import { statusWithoutLedger } from '../../src/observe/status-document.ts';
import { dialectsOf, providerKinds } from '../../src/providers/config/catalogue.ts';
import { passThroughPaths } from '../../src/providers/passthrough/passthrough-sender.ts';
import { parseRoutes } from '../../src/providers/rules/routes.ts';
import { parseLimitRules } from '../../src/providers/rules/rulebook.ts';
import {
  parseProvider,
  parseProviders,
  type ProviderConfig,
} from '../../src/providers/config/provider-config.ts';
import { parseTenants } from '../../src/providers/rules/tenants.ts';

interface Member {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Member>>;
  readonly additionalProperties?: Member;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Member>> };
  };
}

const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const readme = read('README.md');
const words = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;
const { contributes } = JSON.parse(read('package.json')) as Manifest;
const settings = contributes.configuration.properties;

/** What stands below a heading of the second order. */
function section(title: string): string {
  const [, text] = readme.split(`\n## ${title}\n`);
  if (text === undefined) throw new Error(`The README has no section '${title}'.`);
  return text.split('\n## ', 1)[0] ?? '';
}

/** The cells of a section's first table, without its head. */
function rowsOf(title: string): string[][] {
  const lines = section(title).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, start + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What is written as code. */
function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The settings of an example, which are those of a user without the braces around them. */
function exampleOf(setting: string): Readonly<Record<string, unknown>> {
  const blocks = [...section('Settings').matchAll(/```jsonc\n([^]*?)```/g)].map(([, block = '']) => block);
  const block = blocks.find((text) => text.includes(`"${setting}"`));
  if (block === undefined) throw new Error(`The README has no example of ${setting}.`);
  return JSON.parse(`{${block.replaceAll(/ \/\/ .*$/gm, '')}}`) as Readonly<Record<string, unknown>>;
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

describe('the README', () => {
  it('tells of every command, and of no other', () => {
    const told = rowsOf('Commands').flatMap(([names = '']) => names.split(', '));
    const titles = contributes.commands.map(({ title }) => words[title.slice(1, -1)] ?? '');
    assert.deepEqual(sorted(told), sorted(titles));
  });

  it('tells of every setting with its default, and of no other', () => {
    const rows = rowsOf('Settings');
    assert.deepEqual(sorted(rows.flatMap(([name = '']) => codeIn(name))), sorted(Object.keys(settings)));
    for (const [name = '', shown = ''] of rows) {
      const [value] = codeIn(shown);
      const { default: real } = settings[name.slice(1, -1)] ?? {};
      if (value !== undefined)
        assert.equal(value, typeof real === 'string' ? real : JSON.stringify(real), name);
    }
  });

  it("has all that a provider's entry may say in its example, with the defaults", () => {
    const { acme } = exampleOf('callguard.providers')['callguard.providers'] as {
      acme: Record<string, unknown>;
    };
    const { properties = {} } = settings['callguard.providers']?.additionalProperties ?? {};
    assert.deepEqual(sorted([...Object.keys(acme), 'sandbox']), sorted(Object.keys(properties)));
    for (const part of ['models', 'timeouts', 'retry', 'circuit']) {
      const members = Object.keys(properties[part]?.properties ?? {});
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
    const caps = codeIn(/Caps are [^]*?\./.exec(section('Settings'))?.[0] ?? '');
    assert.deepEqual(sorted(caps), sorted(capKinds));
  });

  it('tells the figures by which the guard decides, and how long what is kept', () => {
    const how = section('How the guard decides').replaceAll(/\s+/g, ' ');
    const { failures, cooldownMs, maxCooldownMs } = defaultCircuitOptions;
    const { connectMs, headersMs, firstContentMs, readMs, callMs } = defaultTimeouts;
    const inSeconds = [connectMs, headersMs, firstContentMs, readMs].map((ms) => `${ms / 1_000} s`);
    for (const told of [
      `opens after ${failures} failures in a row, for ${cooldownMs / 1_000} s`,
      `up to ${maxCooldownMs / 60_000} min`,
      `${inSeconds[0]} to connect, ${inSeconds[1]} to the headers, ${inSeconds[2]} to the first content`,
      `${inSeconds[3]} of silence, ${callMs / 60_000} min for the whole call`,
    ]) {
      assert.ok(how.includes(told), told);
    }
    const kept = rowsOf('Where data lies').map((cells) => cells.at(-1));
    const { usageDays, auditDays } = defaultLedgerSettings;
    for (const told of [`${usageDays} days, then by month`, `${auditDays} days`])
      assert.ok(kept.includes(told), told);
  });

  it('has an example of caps, routes and tenants that can be read', () => {
    const example = exampleOf('callguard.limits');
    const problems = [
      parseLimitRules(example['callguard.limits']),
      parseRoutes(example['callguard.routes']),
      parseTenants(example['callguard.tenants'], '/home/me'),
    ].flatMap((parsed) => parsed.problems);
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.keys(example).length, 3);
  });

  it('tells of every kind of provider, under the protocol in which the gateway passes it on', () => {
    const bullets = section('What is guarded, and what is not').split('\n- ').slice(1);
    const told = (start: string) =>
      codeIn(bullets.find((bullet) => bullet.startsWith(start)) ?? '').filter((code) =>
        providerKinds.some((kind) => kind === code),
      );
    const kindsOf = (dialect: string | undefined) =>
      providerKinds.filter(
        (kind) => dialectsOf(kind).find((spoken) => spoken in passThroughPaths) === dialect,
      );
    assert.deepEqual(sorted(told("OpenAI's")), sorted(kindsOf('openai-chat')));
    assert.deepEqual(sorted(told("Anthropic's")), sorted(kindsOf('anthropic-messages')));
    assert.deepEqual(sorted(told('None')), sorted(kindsOf(undefined)));
  });

  it("tells of each of the gateway's paths with the token that it takes, and of no other", () => {
    const tokens = new Map([
      ['calls', 'of a tenant'],
      ['readOnly,management', 'read-only, or management'],
      ['management', 'management'],
      ['', 'none'],
    ]);
    const told = rowsOf('The gateway').flatMap(([paths = '', token = '']) => {
      const [method] = paths.replaceAll('`', '').split(' ');
      return codeIn(paths).map((code) => `${method} ${code.split(' ').at(-1)?.split('?')[0]}: ${token}`);
    });
    const real = routes.map(
      ({ method, path: at, grants = [] }) => `${method} ${at}: ${tokens.get(grants.join())}`,
    );
    assert.deepEqual(sorted(told), sorted(real));
  });

  it('tells of every metric, and of no other', async () => {
    const none = { providers: parseProviders({}), limits: [], workspaceModels: [], workspaceLimits: {} };
    const without = { ...none, defaultModel: undefined, routes: new Map(), problems: [] };
    const status = statusWithoutLedger(without, '', 0);
    const text = await metricsText({
      status: { ...status, ledger: { ok: true, problem: null, audit_head: 1 } },
      counters: new Map(),
    });
    const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);
    const told = codeIn(section('Metrics')).filter((code) => code.startsWith('llm_'));
    assert.deepEqual(sorted(told), sorted(names));
  });
});

describe('SECURITY.md', () => {
  it('tells the limits that the gateway has', () => {
    const { maxConnections, maxBodyBytes, headersMs, bodyMs } = defaultGatewayOptions;
    const told = `${maxConnections} connections, ${maxBodyBytes / 2 ** 20} MiB a body, ${headersMs / 1_000} s for the headers, ${bodyMs / 1_000} s for the body`;
    assert.ok(read('SECURITY.md').includes(told), told);
  });
});
