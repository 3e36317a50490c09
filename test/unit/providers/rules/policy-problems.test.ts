import assert from 'node:assert/strict';
import { deniedModels, deniedTargets } from '../../../../src/providers/rules/policy-problems.ts';
import { parseRoutes } from '../../../../src/providers/rules/routes.ts';
import { parseProvider, parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { inEnglish } from '../../../support/languages.ts';

function acmeWith(models: object) {
  const config = parseProvider('acme', { kind: 'openai', models });
  assert.ok(!('problems' in config));
  return config;
}

describe('deniedModels and deniedTargets', () => {
  it('names each listed model that its own lists deny, with its place and the rule', () => {
    const config = acmeWith({
      list: ['small', 'big', 'big-preview'],
      allow: ['small', 'big*'],
      deny: ['*-preview'],
    });
    assert.deepEqual(inEnglish(deniedModels(config)), [
      "acme.models.list: acme/big-preview is denied by the pattern '*-preview' in the provider's models.deny.",
    ]);
  });

  it('names a listed model that no list allows', () => {
    assert.match(
      inEnglish(deniedModels(acmeWith({ list: ['x'], allow: ['y'] }))).join(),
      /acme\/x is not in .*models\.allow/,
    );
    assert.match(
      inEnglish(deniedModels(acmeWith({ list: ['x'], default: 'deny' }))).join(),
      /models\.default is 'deny'/,
    );
  });

  it('finds no problem with allowed models', () => {
    assert.deepEqual(deniedModels(acmeWith({ list: ['x', 'y'], allow: ['*'], deny: ['z'] })), []);
  });

  it('names the denied targets of routes, but not those without a usable provider', () => {
    const { usable } = parseProviders({ acme: { kind: 'openai', models: { deny: ['big'] } } });
    const { routes } = parseRoutes({ fast: ['acme/small', 'acme/big'], far: ['nobody/big'] });
    assert.deepEqual(inEnglish(deniedTargets(routes, usable)), [
      "callguard.routes.fast: acme/big is denied by the pattern 'big' in the provider's models.deny.",
    ]);
  });
});
