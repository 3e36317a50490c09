import ts from 'typescript';

/** Source texts by their path under src/, with '/' on every system. */
export type SourceTree = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  readonly specifier: string;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
  /** Loaded by `import()` when it is needed. */
  readonly lazy: boolean;
  /** The imported file's path under src/, for a relative specifier. */
  readonly target: string | undefined;
}

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** Every node under `node`, itself included. */
export function* walk(node: ts.Node): Generator<ts.Node, void, void> {
  yield node;
  for (const child of node.getChildren()) yield* walk(child);
}

/** All that a file imports: statements, re-exports, `import()` as a call and as a type, `require`. */
export function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  for (const node of walk(parse(path, text))) {
    const named = namedModule(node);
    if (named === undefined || !ts.isStringLiteralLike(named.module)) continue;
    const specifier = named.module.text;
    const target = specifier.startsWith('.') ? resolve(path, specifier) : undefined;
    found.push({ from: path, specifier, typeOnly: named.typeOnly, lazy: ts.isCallExpression(node), target });
  }
  return found;
}

function namedModule(node: ts.Node): { module: ts.Node; typeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node)) {
    const phase = node.importClause?.phaseModifier;
    return { module: node.moduleSpecifier, typeOnly: phase === ts.SyntaxKind.TypeKeyword };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { module: node.moduleSpecifier, typeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { module: node.argument.literal, typeOnly: true };
  }
  if (ts.isExternalModuleReference(node)) return { module: node.expression, typeOnly: false };
  if (ts.isCallExpression(node) && loadsModule(node.expression)) {
    const [module] = node.arguments;
    return module === undefined ? undefined : { module, typeOnly: false };
  }
  return undefined;
}

function loadsModule(callee: ts.Node): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(callee) && callee.text === 'require';
}

function resolve(from: string, specifier: string): string {
  const { pathname } = new URL(specifier, `file:///src/${from}`);
  return pathname.replace(/^\/src\//, '');
}

/** The first circle of imports that is found, as the files on it; undefined when there is none. */
export function findCycle(imports: readonly Import[]): string[] | undefined {
  const done = new Set<string>();
  const onPath: string[] = [];
  const visit = (file: string): string[] | undefined => {
    const at = onPath.indexOf(file);
    if (at >= 0) return [...onPath.slice(at), file];
    if (done.has(file)) return undefined;
    onPath.push(file);
    for (const { from, target } of imports) {
      const cycle = from === file && target !== undefined ? visit(target) : undefined;
      if (cycle !== undefined) return cycle;
    }
    onPath.pop();
    done.add(file);
    return undefined;
  };
  for (const { from } of imports) {
    const cycle = visit(from);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/**
 * Where `reveal` of `shared/secret.ts` is taken hold of, as 'path:line'. Asks the type checker, as panels and tree
 * views have a `reveal` of their own; but only if the word stands anywhere outside `allowedRooms`.
 */
export function revealsOutside(tree: SourceTree, allowedRooms: readonly string[]): string[] {
  const suspects = [...tree].filter(
    ([path, text]) => !allowedRooms.some((room) => path.startsWith(`${room}/`)) && /\breveal\b/.test(text),
  );
  if (suspects.every(([path]) => path === 'shared/secret.ts')) return [];
  const root = `${import.meta.dirname}/../../src/`;
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options, true);
  const disk = ts.sys;
  const inTree = (file: string) => tree.get(file.replaceAll('\\', '/').split('/src/').at(-1) ?? file);
  host.readFile = (file) => (isOurs(file) ? inTree(file) : disk.readFile(file));
  host.fileExists = (file) => (isOurs(file) ? inTree(file) !== undefined : disk.fileExists(file));
  host.getSourceFile = (file, version) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, version, true);
  };
  const program = ts.createProgram(
    suspects.map(([path]) => root + path),
    options,
    host,
  );
  const checker = program.getTypeChecker();
  return suspects.flatMap(([path]) => {
    const source = program.getSourceFile(root + path);
    if (source === undefined || path === 'shared/secret.ts') return [];
    return [...walk(source)]
      .filter((node) => ts.isIdentifier(node) && node.text === 'reveal')
      .filter((node) => declaredInSecret(checker.getSymbolAtLocation(node)))
      .map((node) => `${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
  });
}

function isOurs(file: string): boolean {
  return file.includes('/src/') && !file.includes('/node_modules/');
}

function declaredInSecret(symbol: ts.Symbol | undefined): boolean {
  const declarations = symbol?.getDeclarations() ?? [];
  return declarations.some((node) => node.getSourceFile().fileName.endsWith('src/shared/secret.ts'));
}
