import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  catalogue,
  dialectsOf,
  providerKinds,
  providerKind,
} from '../../../../src/providers/config/catalogue.ts';
import { foreignKey, keyFacts } from '../../../../src/providers/config/catalogue-keys.ts';
import type { CatalogueRow } from '../../../../src/providers/config/catalogue-row.ts';
import { keyVariablesOf } from '../../../../src/providers/config/key-variables.ts';
import { parseProvider } from '../../../../src/providers/config/provider-config.ts';
import { shapes as registry } from '../../../../src/redaction/shapes/registry.ts';
import { nothingLoaded } from '../../../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../../../src/redaction/prompt-scan.ts';
import { english } from '../../../../src/shared/l10n.ts';

interface SettingsSchema {
  readonly contributes: {
    readonly configuration: {
      readonly properties: Record<
        string,
        {
          readonly additionalProperties: {
            readonly properties: Record<string, { readonly enum?: readonly string[] }>;
          };
        }
      >;
    };
  };
}

const manifest = JSON.parse(
  readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
) as SettingsSchema;
const rows = Object.entries<CatalogueRow>(catalogue);

describe('catalogue', () => {
  it('has the kinds that package.json offers, in the same order', () => {
    const settings = manifest.contributes.configuration.properties['callguard.providers'];
    assert.deepEqual(settings?.additionalProperties.properties['kind']?.enum, providerKinds);
  });

  it('has the choosable dialects that package.json offers', () => {
    const settings = manifest.contributes.configuration.properties['callguard.providers'];
    const offered = settings?.additionalProperties.properties['dialect']?.enum;
    const chosen = providerKinds.filter((kind) => dialectsOf(kind).length > 1).flatMap(dialectsOf);
    assert.deepEqual(offered, [...new Set(chosen)]);
  });

  it('refuses a dialect that the kind of a provider does not support', () => {
    const parsed = parseProvider('acme', { kind: 'mistral', dialect: 'openai-responses' });
    assert.deepEqual('problems' in parsed && parsed.problems.map((problem) => problem(english)), [
      "acme.dialect: is not supported; the kind 'mistral' supports openai-chat",
    ]);
    const usual = parseProvider('acme', { kind: 'mistral', dialect: 'openai-chat' });
    assert.ok('dialect' in usual && usual.dialect === 'openai-chat');
  });

  it('names only key shapes that a detector has', () => {
    const known = new Set(registry.map(({ kind }) => kind));
    const shapes = providerKinds.flatMap((kind) => keyFacts(kind).keyShapes ?? []);
    assert.ok(shapes.length > 5);
    assert.deepEqual(
      shapes.filter((shape) => !known.has(shape)),
      [],
    );
  });

  it('says where to get each required key', () => {
    const silent = providerKinds.filter(
      (kind) => providerKind(kind).key === 'required' && keyFacts(kind).keyUrl === undefined,
    );
    assert.deepEqual(silent, []);
  });

  it('sends keys only over https, except to this machine', () => {
    for (const [kind, { baseUrl, local }] of rows) {
      if (baseUrl !== undefined)
        assert.match(baseUrl, local === true ? /^http:\/\/localhost:/ : /^https:|^http:\/\/localhost:/, kind);
    }
  });

  it('has each name and each key variable only once', () => {
    const names = providerKinds.flatMap((kind) => [kind, ...(keyFacts(kind).otherNames ?? [])]);
    assert.deepEqual([...new Set(names)], names);
    const variables = providerKinds.flatMap(keyVariablesOf);
    assert.deepEqual([...new Set(variables)], variables);
  });

  it('asks for the address of every kind whose address is on this machine', () => {
    const silent = rows.filter(
      ([, { baseUrl, asksAddress }]) => baseUrl?.startsWith('http://') === true && asksAddress !== true,
    );
    assert.deepEqual(silent, []);
  });

  it('shows what an address looks like that a key is required for and only the user knows', () => {
    const silent = providerKinds.filter((kind) => {
      const { key, baseUrl } = providerKind(kind);
      return key === 'required' && baseUrl === undefined && keyFacts(kind).baseUrlExample === undefined;
    });
    assert.deepEqual(silent, []);
  });

  for (const kind of providerKinds) {
    it(`parses a provider of kind ${kind} with only what the user must enter`, () => {
      const { baseUrl, noAddress, dialect } = providerKind(kind);
      const own = baseUrl === undefined && noAddress !== true ? { baseUrl: 'https://example.com/v1' } : {};
      const config = parseProvider('acme', { kind, ...own });
      assert.ok(!('problems' in config), JSON.stringify(config));
      assert.equal(config.dialect, dialect);
      assert.equal(config.baseUrl === undefined, noAddress === true);
    });
  }

  for (const [kind, key] of [
    ['bedrock', `ABSK${'Qm9k'.repeat(30)}`],
    ['bedrock', `bedrock-api-key-${'YmVk'.repeat(20)}`],
    ['vertex', `AQ.Ab8${'RN6Kx9'.repeat(8)}`],
    ['github-models', `github_pat_${'11ABCDE0a'.repeat(9)}`],
    ['github-models', `ghp_${'aB3dE6gH9'.repeat(4)}`],
    ['together', `tgp_v1_${'aB3dE6gH9'.repeat(5)}`],
    ['together', 'aB3dE6gH9'.repeat(7)],
    ['fireworks', `fw_${'aB3dE6gH9'.repeat(3)}`],
    ['cerebras', `csk-${'ab3de6gh9'.repeat(5)}`],
    ['perplexity', `pplx-${'aB3dE6gH9'.repeat(5)}`],
    ['nvidia', `nvapi-${'aB3dE6gH9'.repeat(7)}`],
    ['huggingface', `hf_${'aBxdEfgHy'.repeat(4)}`],
    ['sambanova', '0f3b1c9a-5d2e-4c7b-9a6f-1e8d7c5b3a20'],
    ['moonshot', `sk-${'aB3dE6gH9'.repeat(5)}`],
    ['moonshot', `sk-kimi-${'aB3dE6gH9'.repeat(7)}`],
    ['zai', '0f3b1c9a5d2e4c7b9a6f1e8d7c5b3a20.aB3dE6gH9jK2mN5p'],
    ['minimax', `sk-api-${'aB3dE6gH9'.repeat(10)}`],
    ['minimax', 'eyJhbGciOiJSUzI1NiJ9.eyJHcm91cE5hbWUiOiJhIn0.c2lnbmF0dXJlLW9mLXRva2Vu'],
    ['dashscope', 'sk-0f3b1c9a5d2e4c7b9a6f1e8d7c5b3a20'],
    ['vercel-ai-gateway', `vck_${'aB3dE6gH9'.repeat(6)}`],
    ['litellm', `sk-${'aB3dE6gH9'.repeat(3)}`],
  ] as const) {
    it(`takes the key ${key.slice(0, 12)}… for ${kind}, and refuses it for Groq if its shape is known`, () => {
      assert.equal(foreignKey(kind, key), undefined);
      const [found] = findSecrets(key, nothingLoaded);
      assert.equal(foreignKey('groq', key)?.(english), found?.label(english));
    });
  }

  it('refuses the key of another provider for each kind that issues keys of its own shape', () => {
    const foreign = `sk-ant-api03-${'aB3dE6gH9'.repeat(9)}`;
    const taking = providerKinds
      .filter((kind) => keyFacts(kind).keyShapes !== undefined)
      .filter((kind) => foreignKey(kind, foreign) === undefined);
    assert.deepEqual(taking, ['anthropic']);
  });
});
