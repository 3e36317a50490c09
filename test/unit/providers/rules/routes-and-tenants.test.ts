import assert from 'node:assert/strict';
import { parseDefaultModel, parseRoutes, resolveModel } from '../../../../src/providers/rules/routes.ts';
import { parseTenants, tenantOf } from '../../../../src/providers/rules/tenants.ts';
import { inEnglish } from '../../../support/languages.ts';

describe('the routes of the settings', () => {
  const { routes, problems } = parseRoutes({
    cheap: ['acme/small', 'other/vendor/big'],
    'two words': ['acme/small'],
    empty: [],
    nameless: ['acme'],
  });

  it('are lists of targets in their order; a model may have slashes in its id', () => {
    assert.deepEqual(resolveModel('cheap', routes), {
      route: 'cheap',
      targets: [
        { provider: 'acme', model: 'small' },
        { provider: 'other', model: 'vendor/big' },
      ],
    });
  });

  it('break one by one, with their names', () => {
    assert.deepEqual([...routes.keys()], ['cheap']);
    assert.deepEqual(
      inEnglish(problems).map((problem) => problem.split(':')[0]),
      ['callguard.routes.two words', 'callguard.routes.empty', 'callguard.routes.nameless'],
    );
    assert.equal(parseRoutes([]).problems.length, 1);
  });

  it('leave a provider/model what it is, and a name that is neither nothing', () => {
    assert.deepEqual(resolveModel('acme/x', routes), { targets: [{ provider: 'acme', model: 'x' }] });
    assert.equal(resolveModel('dear', routes), undefined);
  });

  it('are whom Ask may ask by default, as is a model; what is neither is named', () => {
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

describe('the tenant of a workspace', () => {
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
    it(`is '${tenant}' for ${folders.join(' and ') || 'no folder'}`, () => {
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
    it(`is '${tenant}' for ${folder} on Windows`, () => {
      assert.equal(tenantOf([folder], onWindows), tenant);
    });
  }

  it('keeps a backslash where it is a part of a name', () => {
    const { tenants: rules } = parseTenants({ odd: ['/srv/a\\b'] }, '/home/me');
    assert.equal(tenantOf(['/srv/a\\b'], rules), 'odd');
  });

  it('is not told by a rule that cannot be read, which is named', () => {
    assert.deepEqual(
      inEnglish(problems).map((problem) => problem.split(':')[0]),
      ['callguard.tenants.broken', 'callguard.tenants.none', 'callguard.tenants'],
    );
    assert.equal(parseTenants(7, '/home/me').problems.length, 1);
  });
});
