import assert from 'node:assert/strict';
import { clientEnvironment } from '../../../src/gateway/client-environment.ts';
import { defaultGatewayOptions } from '../../../src/gateway/gateway.ts';
import { routes } from '../../../src/gateway/http-routes.ts';
import { codeIn, readPage, sectionOf, sorted, tableRowsIn } from '../../support/markdown.ts';

const page = 'docs/gateway.md';

describe('docs/gateway.md', () => {
  it('names every path with the token that it takes, and no other', () => {
    const tokens = new Map([
      ['calls', 'tenant'],
      ['readOnly,management', 'read-only, or management'],
      ['management', 'management'],
      ['', 'none'],
    ]);
    const listed = tableRowsIn(sectionOf(page, 'Endpoints')).flatMap(([paths = '', token = '']) => {
      const [method] = paths.replaceAll('`', '').split(' ');
      return codeIn(paths).map((code) => `${method} ${code.split(' ').at(-1)?.split('?')[0]}: ${token}`);
    });
    const real = routes.map(
      ({ method, path: at, grants = [] }) =>
        `${method} ${at.replace('*', '{id}')}: ${tokens.get(grants.join())}`,
    );
    assert.deepEqual(sorted(listed), sorted(real));
  });

  it('names every variable that a guarded terminal sets, and no other', () => {
    const rows = tableRowsIn(sectionOf(page, 'Connect a tool'));
    const listed = rows.filter(([, value]) => value !== 'Removed').flatMap(([names = '']) => codeIn(names));
    const set = Object.entries(clientEnvironment(1, '', {})).filter(([, value]) => value !== null);
    assert.deepEqual(sorted(listed), sorted(set.map(([name]) => name)));
  });

  it('names only variables that a guarded terminal removes as removed', () => {
    const rows = tableRowsIn(sectionOf(page, 'Connect a tool'));
    const listed = rows.filter(([, value]) => value === 'Removed').flatMap(([names = '']) => codeIn(names));
    const inherited = { CALLGUARD_KEY_ACME: 'S' };
    const variables = clientEnvironment(1, '', inherited, ['acme']);
    assert.ok(listed.length > 0);
    for (const name of listed) {
      const example = name.replace('<ID>', 'ACME');
      assert.equal(variables[example], null, name);
    }
  });
});

describe('SECURITY.md', () => {
  it('has the limits of the gateway', () => {
    const { maxConnections, maxBodyBytes, maxBodiesBytes, headersMs, bodyMs, stallMs, drainMs } =
      defaultGatewayOptions;
    const text = readPage('SECURITY.md').replaceAll(/\s+/g, ' ');
    for (const limits of [
      `${maxConnections} connections, ${maxBodyBytes / 2 ** 20} MiB a body, ${headersMs / 1_000} s for the headers, ${bodyMs / 1_000} s for the body`,
      `all requests in progress may have ${maxBodiesBytes / 2 ** 20} MiB together`,
      `reads nothing of its answer ends after ${stallMs / 1_000} s`,
      `closes every connection after ${drainMs / 1_000} s`,
    ])
      assert.ok(text.includes(limits), limits);
  });
});
