import assert from 'node:assert/strict';
import { parseDefaultModel, parseRoutes, resolveModel } from '../../../../src/providers/rules/routes.ts';
import { inEnglish } from '../../../support/languages.ts';

describe('parseRoutes and resolveModel', () => {
  const { routes, problems } = parseRoutes({
    cheap: ['acme/small', 'other/vendor/big'],
    'two words': ['acme/small'],
    empty: [],
    nameless: ['acme'],
  });

  it('reads lists of targets in order, with slashes in model ids', () => {
    assert.deepEqual(resolveModel('cheap', routes), {
      route: 'cheap',
      targets: [
        { provider: 'acme', model: 'small' },
        { provider: 'other', model: 'vendor/big' },
      ],
    });
  });

  it('leaves out broken routes and names them', () => {
    assert.deepEqual([...routes.keys()], ['cheap']);
    assert.deepEqual(
      inEnglish(problems).map((problem) => problem.split(':')[0]),
      ['callguard.routes.two words', 'callguard.routes.empty', 'callguard.routes.nameless'],
    );
    assert.equal(parseRoutes([]).problems.length, 1);
  });

  it('resolves provider/model, and returns undefined for another name', () => {
    assert.deepEqual(resolveModel('acme/x', routes), { targets: [{ provider: 'acme', model: 'x' }] });
    assert.equal(resolveModel('dear', routes), undefined);
  });

  it('accepts a route or a model as default model, and reports another value', () => {
    for (const name of ['cheap', 'acme/x'])
      assert.deepEqual(parseDefaultModel(name, routes), { name, problems: [] });
    for (const none of [undefined, null, ''])
      assert.deepEqual(parseDefaultModel(none, routes), { name: undefined, problems: [] });
    for (const wrong of ['dear', 7, ['cheap']]) {
      const { name, problems: found } = parseDefaultModel(wrong, routes);
      assert.equal(name, undefined);
      assert.match(inEnglish(found).join(), /^callguard\.defaultModel: /);
    }
  });
});
