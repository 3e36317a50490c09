import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  catalogue,
  dialectsOf,
  providerKinds,
  providerKind,
  type CatalogueRow,
} from '../../../../src/providers/config/catalogue.ts';
import { parseProvider } from '../../../../src/providers/config/provider-config.ts';
import { shapes as registry } from '../../../../src/redaction/registry.ts';
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
    const shapes = rows.flatMap(([, { keyShapes = [] }]) => keyShapes);
    assert.ok(shapes.length > 5);
    assert.deepEqual(
      shapes.filter((shape) => !known.has(shape)),
      [],
    );
  });

  it('says where to get each required key', () => {
    const silent = rows.filter(([, { key, keyUrl }]) => key === 'required' && keyUrl === undefined);
    assert.deepEqual(silent, []);
  });

  it('sends keys only over https, except to this machine', () => {
    for (const [kind, { baseUrl, local }] of rows) {
      if (baseUrl !== undefined)
        assert.match(baseUrl, local === true ? /^http:\/\/localhost:/ : /^https:/, kind);
    }
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
});
