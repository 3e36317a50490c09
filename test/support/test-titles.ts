import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.join(import.meta.dirname, '..', '..');

/** The titles of the tests in each test file, by its path. Where a title has a value, it has '…'. */
export function testTitles(): Map<string, Set<string>> {
  const files = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name.replaceAll(path.sep, '/')}`)
    .filter((name) => /\.(?:test|proof)\.ts$/.test(name));
  return new Map(files.map((file) => [file, titlesIn(readFileSync(path.join(root, file), 'utf8'))]));
}

function titlesIn(text: string): Set<string> {
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^it(?:\.only)?$/.test(node.expression.getText())) {
      const title = titleOf(node.arguments[0]);
      if (title !== undefined) titles.add(title);
    }
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true));
  return titles;
}

function titleOf(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}
