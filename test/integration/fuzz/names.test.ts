import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  canonicalModel,
  canonicalPattern,
  isSameModel,
  writtenModel,
} from '../../../src/guard/model-name.ts';
import { modelFor } from '../../../src/gateway/requests/model-names.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import { createResolver } from '../../../src/providers/rules/resolver.ts';
import { parseRoutes } from '../../../src/providers/rules/routes.ts';
import { fuzz, mutatedText } from '../../support/fuzz.ts';

const plain = fc.stringMatching(/^[a-z0-9][a-z0-9:@/+-]{0,12}(\.[0-9a-z]{1,4})?$/);

/** Another spelling that servers take for the same model. */
const respelled = (name: string) =>
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }),
      fc.constantFrom('', ' ', '\t', '\n', '\u00a0', '\ufeff'),
      fc.constantFrom('', 'models/', 'Models/', 'MODELS/models/'),
      fc.constantFrom('', ' ', '\r\n', '\u2003'),
    )
    .map(
      ([upper, before, prefix, after]) =>
        before +
        prefix +
        Array.from(name)
          .map((char, at) => (upper[at] === true ? char.toUpperCase() : char))
          .join('') +
        after,
    );

const anyName = fc.oneof(
  plain,
  plain.chain(respelled),
  mutatedText(plain),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

describe('Fuzz: model names', () => {
  fuzz(
    'the canonical form is canonical, of names and of patterns',
    3_000,
    fc.property(anyName, (name) => {
      const canonical = canonicalModel(name);
      if (canonical !== undefined) {
        assert.equal(canonicalModel(canonical), canonical);
        assert.ok(isSameModel(name, canonical));
        assert.equal(canonicalPattern(canonical), canonical);
      }
      const pattern = canonicalPattern(name);
      assert.equal(canonicalPattern(pattern), pattern);
      const written = writtenModel(name);
      assert.equal(writtenModel(written), written);
    }),
  );

  fuzz(
    'two spellings of one model have one canonical form',
    2_000,
    fc.property(
      plain.chain((name) => fc.tuple(fc.constant(name), respelled(name), respelled(name))),
      ([name, left, right]) => {
        fc.pre(canonicalModel(name) !== undefined);
        assert.equal(canonicalModel(left), canonicalModel(name));
        assert.ok(isSameModel(left, right));
      },
    ),
  );

  fuzz(
    'every name is compared in one way, whichever comes first',
    1_000,
    fc.property(anyName, anyName, (left, right) => {
      assert.equal(isSameModel(left, right), isSameModel(right, left));
      if (isSameModel(left, right)) assert.equal(canonicalModel(left), canonicalModel(right));
    }),
  );

  const routes = parseRoutes({ fast: ['acme/gpt-5', 'other/claude'], 'll*': ['acme/*', 'other/*'] });
  const settings = {
    providers: parseProviders({
      acme: { kind: 'openai', models: { list: ['gpt-5', 'Llama3'] } },
      other: { kind: 'anthropic', models: { list: ['claude', 'Llama3'] } },
    }),
    routes: routes.routes,
    patternRoutes: routes.patterns,
    limits: [],
    workspaceModels: [],
    workspaceLimits: {},
  };
  const { resolve } = createResolver(
    () => settings,
    () => () => undefined,
  );

  fuzz(
    'any name that a client sends is resolved or refused, and counts as one spelling',
    1_000,
    fc.property(
      fc.oneof(
        anyName,
        fc
          .tuple(fc.constantFrom('acme', 'other', 'ACME', '', '__proto__'), anyName)
          .map((parts) => parts.join('/')),
        fc.constantFrom('gpt-5', 'Llama3', 'fast', 'acme/Llama3').chain(respelled),
      ),
      fc.constantFrom('openai', 'anthropic'),
      (name, protocol) => {
        const found = modelFor(name, protocol, settings);
        if (!found.ok) {
          assert.ok(found.error.status >= 400 && found.error.status < 500);
          return;
        }
        for (const target of found.value.targets) {
          const resolved = resolve(target, { source: 'gateway', tenant: 'default' } as Parameters<
            typeof resolve
          >[1]);
          if (!resolved.ok) continue;
          const counted = resolved.value.target.model;
          const again = resolve({ ...target, model: counted }, {
            source: 'gateway',
            tenant: 'default',
          } as Parameters<typeof resolve>[1]);
          assert.equal(again.ok && again.value.target.model, counted);
        }
      },
    ),
  );
});
