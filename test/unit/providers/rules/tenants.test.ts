import assert from 'node:assert/strict';
import type { Machine, UriParts } from '../../../../src/providers/rules/folder-place.ts';
import { parseTenants, tenantOf } from '../../../../src/providers/rules/tenants.ts';
import { inEnglish } from '../../../support/languages.ts';

const linux: Machine = { home: '/home/me', platform: 'linux' };
const mac: Machine = { home: '/Users/me', platform: 'darwin' };
const windows: Machine = { home: 'C:\\Users\\me', platform: 'win32' };

/** A folder as the path of a local one, or as a URI. */
function uriOf(folder: string): UriParts {
  const [, scheme, authority = '', path = ''] = /^([\w-]+):\/\/([^/]*)(.*)$/.exec(folder) ?? [];
  return scheme === undefined ? { scheme: 'file', authority: '', path: folder } : { scheme, authority, path };
}

function openIn(
  folder: string | undefined,
  { setting, machine = linux, workspaceFile, isThere = true }: Case,
): { tenant: string; problems: string[] } {
  const { tenants } = parseTenants(setting, machine);
  const found = tenantOf(
    {
      first: folder === undefined ? undefined : uriOf(folder),
      workspaceFile: workspaceFile === undefined ? undefined : uriOf(workspaceFile),
      isFirstThere: () => isThere,
    },
    tenants,
    machine,
  );
  return { tenant: found.tenant, problems: inEnglish(found.problems) };
}

interface Case {
  readonly setting: Record<string, readonly string[]>;
  readonly machine?: Machine;
  readonly workspaceFile?: string;
  readonly isThere?: boolean;
}

describe('parseTenants', () => {
  it('leaves out and reports what cannot be read', () => {
    const { tenants, problems } = parseTenants(
      { broken: '~/x', none: [], '': ['/mnt'], odd: ['clients/*', '/srv/odd'], fine: ['/srv/fine'] },
      linux,
    );
    assert.deepEqual(
      tenants.map(({ tenant, workspaces }) => [tenant, workspaces.length]),
      [
        ['odd', 1],
        ['fine', 1],
      ],
    );
    assert.deepEqual(inEnglish(problems), [
      "callguard.tenants.broken: must be a list of at least one folder, such as '~/clients/*'",
      "callguard.tenants.none: must be a list of at least one folder, such as '~/clients/*'",
      'callguard.tenants: must not contain an empty tenant name',
      "callguard.tenants.odd: 'clients/*' must begin with '/', '~/', a drive, or a server",
    ]);
    assert.equal(parseTenants(7, linux).problems.length, 1);
  });
});

describe('tenantOf', () => {
  const onLinux = {
    setting: { work: ['~/office/*'], client: ['/srv/client', '/mnt/*/client/*', '/srv/a\\b'] },
  };
  const onMac = { setting: { work: ['~/Büro/*'], client: ['/Volumes/Kunde'] }, machine: mac };
  const onWindows = {
    setting: {
      work: ['~\\office\\*'],
      other: ['~/other/*'],
      client: ['D:\\Clients\\*', '\\\\Server\\Share\\client\\*'],
      uri: ['/E:/uri/*', 'file://nas/uri/*'],
      long: ['\\\\?\\F:\\long', '\\\\?\\UNC\\nas\\long'],
      linux: ['\\\\wsl$\\Ubuntu\\home\\me\\*'],
    },
    machine: windows,
  };
  const onRemote = { setting: { far: ['vscode-remote://ssh-remote%2Bbox/home/me/x/*'], home: ['~/x/*'] } };

  const cases: readonly [string | undefined, string, Case][] = [
    ['/home/me/office/a', 'work', onLinux],
    ['/home/me/office', 'work', onLinux],
    ['/home/me/office/', 'work', onLinux],
    ['/home/me/officer', 'default', onLinux],
    ['/home/me/Office/a', 'default', onLinux],
    ['/srv/client', 'client', onLinux],
    ['/srv/client/sub', 'default', onLinux],
    ['/mnt/disk/client/a', 'client', onLinux],
    ['/mnt', 'default', onLinux],
    ['/srv/a\\b', 'client', onLinux],
    ['/srv/x/../client', 'client', onLinux],
    [undefined, 'default', onLinux],
    // Finder and git write names in NFD; a user types NFC.
    ['/Users/me/Büro/a'.normalize('NFD'), 'work', onMac],
    ['/Users/ME/bÜro/a', 'work', onMac],
    ['/volumes/kunde', 'client', onMac],
    ['/c:/Users/me/office/a', 'work', onWindows],
    ['/C:/USERS/ME/Office/a', 'work', onWindows],
    ['/c:/Users/me/office./a', 'work', onWindows],
    ['/c:/Users/me/office. . ', 'work', onWindows],
    ['/d:/clients/acme. ', 'client', onWindows],
    ['file://server/share/client ./a', 'client', onWindows],
    ['/d:/clients/acme.x', 'client', onWindows],
    ['/home/me/office.', 'default', onLinux],
    ['/volumes/kunde ', 'default', onMac],
    ['/c:/Users/me/other/a', 'other', onWindows],
    ['/d:/clients/acme', 'client', onWindows],
    ['/e:/uri/x', 'uri', onWindows],
    ['/f:/long', 'long', onWindows],
    ['/d:/Users/me/office/a', 'default', onWindows],
    ['file://server/share/client/a', 'client', onWindows],
    ['file://other/share/client/a', 'default', onWindows],
    ['file://nas/uri/a', 'uri', onWindows],
    ['file://nas/long', 'long', onWindows],
    ['file://wsl.localhost/Ubuntu/home/me/a', 'linux', onWindows],
    ['file://wsl$/Ubuntu/home/me/a', 'linux', onWindows],
    ['vscode-remote://ssh-remote+box/home/me/x/a', 'far', onRemote],
    ['vscode-remote://ssh-remote+BOX/home/me/x/a', 'far', onRemote],
    ['vscode-remote://ssh-remote+evil/home/me/x/a', 'default', onRemote],
    ['vscode-vfs://github/home/me/x/a', 'default', onRemote],
  ];
  for (const [folder, tenant, of] of cases) {
    it(`returns '${tenant}' for ${folder ?? 'no folder'} on ${of.machine?.platform ?? 'linux'}`, () => {
      assert.equal(openIn(folder, of).tenant, tenant);
    });
  }

  it('ignores dots and blanks at the end of a name in a rule on Windows, too', () => {
    const of = { setting: { work: ['D:\\clients. \\acme.\\*'] }, machine: windows };
    assert.equal(openIn('/d:/clients/acme/a', of).tenant, 'work');
  });

  it('keeps apart on Windows what its file systems keep apart', () => {
    const of = { setting: { work: ['D:\\straße'] }, machine: windows };
    assert.equal(openIn('/d:/STRASSE', of).tenant, 'default');
  });

  describe('with a workspace file', () => {
    const of = { setting: { acme: ['/home/me/clients/acme/*'], other: ['/home/me/clients/other/*'] } };
    const inside = '/home/me/clients/acme/all.code-workspace';

    it('counts for the tenant in whose folder both the file and the first folder are', () => {
      const found = openIn('/home/me/clients/acme/app', { ...of, workspaceFile: inside });
      assert.deepEqual(found, { tenant: 'acme', problems: [] });
    });

    it('does not count for the tenant of a folder that a file from elsewhere lists', () => {
      for (const workspaceFile of [
        '/home/me/play/all.code-workspace',
        '/home/me/clients/other/a.code-workspace',
      ]) {
        const { tenant, problems } = openIn('/home/me/clients/acme/app', { ...of, workspaceFile });
        assert.equal(tenant, 'default');
        assert.equal(problems.length, 1);
        assert.match(problems[0] ?? '', /^callguard\.tenants\.acme: does not apply .*workspace file/);
      }
    });

    it('does not count for the tenant of a folder that does not exist', () => {
      const found = openIn('/home/me/clients/acme/ghost', { ...of, workspaceFile: inside, isThere: false });
      assert.equal(found.tenant, 'default');
    });

    it('counts for a tenant whose list has the file and the folder', () => {
      const setting = { acme: ['~/clients/acme', '~/workspaces/acme.code-workspace'] };
      const workspaceFile = '/home/me/workspaces/acme.code-workspace';
      assert.equal(openIn('/home/me/clients/acme', { setting, workspaceFile }).tenant, 'acme');
    });
  });

  it('names a rule that cannot apply to folders of another machine', () => {
    const { problems } = openIn('vscode-remote://ssh-remote+box/home/me/x/a', onRemote);
    assert.deepEqual(problems, [
      "callguard.tenants.home: does not apply to folders of 'vscode-remote://ssh-remote+box'; add a folder that begins with 'vscode-remote://ssh-remote+box/'",
    ]);
    assert.deepEqual(openIn('/home/me/x', onRemote), { tenant: 'home', problems: [] });
  });

  it('names a rule in the notation of another operating system, unless it has a second notation', () => {
    const setting = {
      client: ['D:\\Clients\\*', '\\\\nas\\clients'],
      both: ['D:\\both', '/srv/both'],
      any: ['*/x'],
    };
    const problem = 'callguard.tenants.client: has no folder in the notation of this operating system';
    assert.deepEqual(openIn('/srv/x', { setting }).problems, [problem]);
    const posix = { setting: { client: ['/srv/clients'] }, machine: windows };
    assert.deepEqual(openIn(undefined, posix).problems, [problem]);
    assert.deepEqual(openIn('/c:/x', onWindows).problems, []);
  });
});
