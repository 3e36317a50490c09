import assert from 'node:assert/strict';
import { parseDefaultModel, parseRoutes, resolveModel } from '../../../../src/providers/rules/routes.ts';
import { parseTenants, tenantOf } from '../../../../src/providers/rules/tenants.ts';
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

describe('parseTenants and tenantOf', () => {
  const { tenants, problems } = parseTenants(
    {
      work: ['~/office/*'],
      client: ['/srv/client', '/mnt/*/client/*'],
      broken: '~/x',
      none: [],
      '': ['/mnt'],
    },
    '/home/me',
  );

  for (const [folders, tenant] of [
    [['/home/me/office/a'], 'work'],
    [['/home/me/office'], 'work'],
    [['/home/me/officer'], 'default'],
    [['/home/me/play', '/home/me/office/deep/er'], 'work'],
    [['/srv/client'], 'client'],
    [['/srv/client/sub'], 'default'],
    [['/mnt/disk/client/a'], 'client'],
    [['/mnt'], 'default'],
    [[], 'default'],
  ] as const) {
    it(`returns '${tenant}' for ${folders.join(' and ') || 'no folder'}`, () => {
      assert.equal(tenantOf(folders, tenants), tenant);
    });
  }

  const onWindows = parseTenants(
    { work: ['~\\office\\*'], other: ['~/other/*'], client: ['D:\\Clients\\*'], uri: ['/E:/uri/*'] },
    'C:\\Users\\me',
  ).tenants;
  for (const [folder, tenant] of [
    ['/c:/Users/me/office/a', 'work'],
    ['/C:/Users/me/office/a', 'work'],
    ['/c:/Users/me/other/a', 'other'],
    ['/d:/Clients/acme', 'client'],
    ['/e:/uri/x', 'uri'],
    ['/d:/Users/me/office/a', 'default'],
  ] as const) {
    it(`returns '${tenant}' for ${folder} on Windows`, () => {
      assert.equal(tenantOf([folder], onWindows), tenant);
    });
  }

  it('keeps a backslash that is a part of a name', () => {
    const { tenants: rules } = parseTenants({ odd: ['/srv/a\\b'] }, '/home/me');
    assert.equal(tenantOf(['/srv/a\\b'], rules), 'odd');
  });

  it('leaves out and reports a rule that cannot be read', () => {
    assert.deepEqual(
      inEnglish(problems).map((problem) => problem.split(':')[0]),
      ['callguard.tenants.broken', 'callguard.tenants.none', 'callguard.tenants'],
    );
    assert.equal(parseTenants(7, '/home/me').problems.length, 1);
  });
});
