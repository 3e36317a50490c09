import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import {
  findCycle,
  importsOf,
  parse,
  revealsOutside,
  walk,
  type Import,
  type SourceTree,
} from './source-tree.ts';

/** In their order: a room imports from itself and from those before it. */
const rooms = [
  'shared',
  'redaction',
  'guard',
  'vault',
  'ledger',
  'providers',
  'observe',
  'gateway',
  'settings',
  'headless',
  'panel',
  'editor',
];
const composers = ['compose-core.ts', 'compose.ts', 'extension.ts'];
const ambient = new Set(['Date.now', 'Math.random', 'performance.now', 'setTimeout', 'setInterval']);
const longestFile = 300;
const fullestFolder = 25;
/** A file with fewer lines belongs into its one importer, unless it is a chunk that is loaded on demand. */
const shortestFile = 12;
/** Other rooms change the ledger by the verbs of its store alone. */
const onlyInLedger = /^ledger\/(?:tables\/|db\/(?:writer|transactions)\.ts$)/;
/** Folders of equals, in each of which a file of the same role has the same name. */
const foldersOfEquals = /^(?:providers\/dialects|gateway\/protocols)\/[^/]+\//;
const equalRoles: readonly string[] = [
  'content.ts',
  'decode.ts',
  'definition.ts',
  'encode.ts',
  'errors.ts',
  'events.ts',
  'fit.ts',
  'listing.ts',
  'model.ts',
  'passthrough.ts',
  'request.ts',
  'sdk-events.ts',
  'stream.ts',
  'usage.ts',
  'whole.ts',
];

/** Every way in which the tree differs from ARCHITECTURE.md, one sentence each. */
function violations(tree: SourceTree): string[] {
  const imports = [...tree].flatMap(([file, text]) => importsOf(file, text));
  const cycle = findCycle(imports);
  return [
    ...[...tree.keys()].flatMap(misplaced),
    ...imports.flatMap(wrongImport),
    ...(cycle === undefined ? [] : [`imports go in a circle: ${cycle.join(' → ')}`]),
    ...crowdedFolders([...tree.keys()]),
    ...repeatedNames([...tree.keys()]),
    ...crumbs(tree, imports),
    ...[...tree].flatMap(([file, text]) => [
      ...(roomOf(file) === 'guard' ? ambientUses(file, text) : []),
      ...(file === 'api.ts' ? notTypes(file, text) : []),
      ...(text.trimEnd().split('\n').length > longestFile
        ? [`${file} is longer than ${longestFile} lines`]
        : []),
    ]),
    ...revealsOutside(tree, ['vault', 'providers']).map((where) => `${where} reveals a secret`),
  ];
}

function crowdedFolders(files: readonly string[]): string[] {
  return [...Map.groupBy(files, (file) => path.posix.dirname(file))]
    .filter(([, inside]) => inside.length > fullestFolder)
    .map(([folder, inside]) => `${folder}/ has ${inside.length} files, more than ${fullestFolder}`);
}

function repeatedNames(files: readonly string[]): string[] {
  const hasRole = (file: string) =>
    foldersOfEquals.test(file) && equalRoles.includes(path.posix.basename(file));
  const named = files.filter((file) => !hasRole(file));
  return [...Map.groupBy(named, (file) => path.posix.basename(file))]
    .filter(([, same]) => same.length > 1)
    .map(([, same]) => `${same.join(' and ')} have one name`);
}

function crumbs(tree: SourceTree, imports: readonly Import[]): string[] {
  const importers = Map.groupBy(imports, ({ target }) => target);
  return [...tree]
    .filter(([, text]) => text.trimEnd().split('\n').length < shortestFile)
    .flatMap(([file]) => {
      const all = importers.get(file) ?? [];
      const [only] = all;
      if (only === undefined || all.some(({ lazy, from }) => lazy || from !== only.from)) return [];
      return [`${file} has fewer than ${shortestFile} lines and one importer, ${only.from}`];
    });
}

/** The protocol whose folder a file is in. */
function protocolOf(file: string): string | undefined {
  return /^gateway\/protocols\/([^/]+)\//.exec(file)?.[1];
}

function roomOf(file: string): string | undefined {
  return file.includes('/') ? file.split('/')[0] : undefined;
}

function misplaced(file: string): string[] {
  const room = roomOf(file);
  const known = room === undefined ? [...composers, 'api.ts'].includes(file) : rooms.includes(room);
  return known ? [] : [`${file} is in no room`];
}

function wrongImport({ from, specifier, typeOnly, target }: Import): string[] {
  const problem = (why: string) => [`${from} imports ${specifier}: ${why}`];
  const room = roomOf(from);
  if (specifier === 'vscode') {
    return room === 'editor' || (room === undefined && typeOnly) ? [] : problem('only editor/ knows VS Code');
  }
  if (target === undefined) return [];
  if (target.startsWith('/')) return problem('it is outside src/');
  const [protocol, otherProtocol] = [protocolOf(from), protocolOf(target)];
  if (protocol !== undefined && otherProtocol !== undefined && protocol !== otherProtocol)
    return problem('no protocol imports another');
  // It imports no room itself, so whoever imports it is bound to nothing below.
  if (target === 'api.ts') return [];
  const targetRoom = roomOf(target);
  if (onlyInLedger.test(target) && room !== 'ledger') return problem('only ledger/ sees its tables');
  if (from === 'api.ts') return problem('api.ts imports no room');
  if (room === undefined) return [];
  if (targetRoom === undefined) return problem('a room does not know who composes it');
  return rooms.indexOf(targetRoom) <= rooms.indexOf(room) ? [] : problem(`${targetRoom}/ is below ${room}/`);
}

function ambientUses(file: string, text: string): string[] {
  return [...walk(parse(file, text))]
    .filter((node) => ts.isPropertyAccessExpression(node) || ts.isIdentifier(node))
    .map((node) => node.getText().replace(/^globalThis\./, ''))
    .filter((name) => ambient.has(name))
    .map((name) => `${file} uses ${name}: time and chance come in`);
}

function notTypes(file: string, text: string): string[] {
  const typeOnly = (statement: ts.Statement) =>
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    (ts.isImportDeclaration(statement) &&
      statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
    (ts.isExportDeclaration(statement) && statement.isTypeOnly);
  return parse(file, text)
    .statements.filter((statement) => !typeOnly(statement))
    .map((statement) => `${file} holds more than types: ${statement.getText().slice(0, 60)}`);
}

function readTree(root: string): SourceTree {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  return new Map(
    files.map((file) => [file.replaceAll(path.sep, '/'), readFileSync(path.join(root, file), 'utf8')]),
  );
}

describe('the architecture', () => {
  it('is the one of the design', () => {
    const tree = readTree(path.join(import.meta.dirname, '../../src'));
    assert.ok(tree.size > 20, `only ${tree.size} files were read`);
    assert.deepEqual(violations(tree), []);
  });

  const secret = "export class Secret { reveal(): string { return ''; } }";
  const broken: [string, Record<string, string>, RegExp][] = [
    [
      'an import from a room below',
      { 'guard/a.ts': "import { b } from '../ledger/b.ts';", 'ledger/b.ts': 'export const b = 1;' },
      /guard\/a.ts imports ..\/ledger\/b.ts: ledger\/ is below guard\//,
    ],
    [
      'a type import from a room below',
      { 'vault/a.ts': "import type { B } from '../editor/b.ts';" },
      /editor\/ is below vault\//,
    ],
    [
      'a dynamic import from a room below',
      { 'guard/a.ts': "await import('../ledger/b.ts');" },
      /is below guard/,
    ],
    [
      'an import type from a room below',
      { 'guard/a.ts': "let a: import('../vault/b.ts').B;" },
      /is below guard/,
    ],
    ['a re-export from a room below', { 'guard/a.ts': "export * from '../vault/b.ts';" }, /is below guard/],
    [
      'an import from another protocol',
      {
        'gateway/protocols/a/decode.ts': "import '../b/encode.ts';",
        'gateway/protocols/b/encode.ts': Array(12).fill('//').join('\n'),
      },
      /no protocol imports another/,
    ],
    ['an import from outside src', { 'guard/a.ts': "import '../../test/b.ts';" }, /outside src/],
    ['a room that imports its composer', { 'editor/a.ts': "import '../compose.ts';" }, /who composes it/],
    [
      'a table of the ledger in another room',
      { 'observe/a.ts': "import type { A } from '../ledger/tables/a.ts';", 'ledger/tables/a.ts': '' },
      /only ledger\/ sees its tables/,
    ],
    [
      'a table of the ledger in the composer',
      { 'compose.ts': "await import('./ledger/db/writer.ts');", 'ledger/db/writer.ts': '' },
      /only ledger\/ sees its tables/,
    ],
    ['a file in no room', { 'util/a.ts': '' }, /util\/a.ts is in no room/],
    ['a stray file at the root', { 'helpers.ts': '' }, /helpers.ts is in no room/],
    [
      'a cycle of type imports',
      {
        'guard/a.ts': "import type { B } from './b.ts';",
        'guard/b.ts': "import type { C } from './c.ts';",
        'guard/c.ts': "import type { A } from './a.ts';",
      },
      /circle: guard\/a.ts → guard\/b.ts → guard\/c.ts → guard\/a.ts/,
    ],
    [
      'VS Code outside editor/',
      { 'ledger/a.ts': "import type { Uri } from 'vscode';" },
      /only editor\/ knows/,
    ],
    [
      'VS Code at run time in compose.ts',
      { 'compose.ts': "import * as vscode from 'vscode';" },
      /only editor\//,
    ],
    ['a value in api.ts', { 'api.ts': 'export const version = 1;' }, /more than types/],
    ['a room in api.ts', { 'api.ts': "import type { A } from './guard/a.ts';" }, /api.ts imports no room/],
    ['Date.now() in guard/', { 'guard/a.ts': 'export const at = Date.now();' }, /uses Date.now/],
    [
      'Math.random in guard/',
      { 'guard/a.ts': 'export const { random } = { random: Math.random };' },
      /uses Math/,
    ],
    ['performance.now() in guard/', { 'guard/a.ts': 'performance.now();' }, /uses performance.now/],
    ['setTimeout in guard/', { 'guard/a.ts': 'globalThis.setTimeout(() => 1);' }, /uses setTimeout/],
    ['setInterval in guard/', { 'guard/a.ts': 'setInterval(() => 1, 5);' }, /uses setInterval/],
    [
      'a folder of 26 files',
      Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`guard/a${n}.ts`, ''])),
      /guard\/ has 26 files, more than 25/,
    ],
    [
      'one name for two files',
      { 'guard/a.ts': '', 'ledger/db/a.ts': '' },
      /guard\/a.ts and ledger\/db\/a.ts have one name/,
    ],
    [
      'a name of their own choice for two files of dialects',
      { 'providers/dialects/a/mine.ts': '', 'providers/dialects/b/mine.ts': '' },
      /have one name/,
    ],
    [
      'a short file with one importer',
      { 'guard/a.ts': "import { b } from './b.ts';", 'guard/b.ts': 'export const b = 1;' },
      /guard\/b.ts has fewer than 12 lines and one importer, guard\/a.ts/,
    ],
    ['a file of 301 lines', { 'guard/a.ts': 'export {};\n'.repeat(301) }, /longer than 300 lines/],
    [
      'a secret revealed in guard/',
      {
        'shared/secret.ts': secret,
        'guard/a.ts':
          "import type { Secret } from '../shared/secret.ts';\nexport const f = (key: Secret) => key.reveal();",
      },
      /guard\/a.ts:2 reveals a secret/,
    ],
  ];
  for (const [what, files, expected] of broken) {
    it(`would not allow ${what}`, () => {
      assert.match(violations(new Map(Object.entries(files))).join('\n'), expected);
    });
  }

  it('allows what the design allows', () => {
    const files = {
      'extension.ts': "import type { A } from 'vscode';\nimport { compose } from './compose.ts';",
      'compose.ts': "import { b } from './editor/b.ts';\nexport const compose = b;",
      'api.ts': "import type { A } from 'vscode';\nexport interface Api { readonly a: A }",
      'editor/b.ts': "import * as vscode from 'vscode';\nimport '../vault/c.ts';\nexport const b = vscode;",
      'vault/c.ts':
        "import type { Secret } from '../shared/secret.ts';\nexport const f = (key: Secret) => key.reveal();",
      'shared/secret.ts': secret,
      'panel/d.ts': 'export const show = (view: { reveal(): void }) => { view.reveal(); };',
      'ledger/e.ts': 'export const at = Date.now();',
    };
    // A few lines more, so that none is too short to be a file of its own.
    const long = Object.entries(files).map(([file, text]) => [file, text + '\n//'.repeat(12)] as const);
    assert.deepEqual(violations(new Map(long)), []);
  });

  it('allows a short file that is loaded on demand or has two importers', () => {
    const files = {
      'ledger/a.ts':
        "export const load = () => import('./lazy.ts');\nimport './both.ts';" + '\n//'.repeat(12),
      'ledger/b.ts': "import './both.ts';" + '\n//'.repeat(12),
      'ledger/lazy.ts': 'export const lazy = 1;',
      'ledger/both.ts': 'export const both = 1;',
    };
    assert.deepEqual(violations(new Map(Object.entries(files))), []);
  });
});
