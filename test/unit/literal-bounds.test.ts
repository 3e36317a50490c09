import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parse, walk } from './source-tree.ts';

/** A name that promises a bound. Small figures are the syntax of something: a prefix, a port, a hash. */
const boundName = /^(?:most|max|longest|largest)[A-Z].*(?<!Ms)$|(?:Bytes|Chars)$/;
const smallestBound = 130;
/** Shorter cuts are parts of a hash or of a date. */
const shortestCut = 60;

/** Every bound that stands as a figure in a source text, as `file:line: code`. */
function literalBounds(file: string, text: string): string[] {
  return [...walk(parse(file, text))].filter(isLiteralBound).map((node) => {
    const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
    return `${file}:${line + 1}: ${node.getText().slice(0, 80)}`;
  });
}

function isLiteralBound(node: ts.Node): boolean {
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) {
    const { name, initializer } = node;
    return (
      initializer !== undefined && boundName.test(name.getText()) && numberOf(initializer) >= smallestBound
    );
  }
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken: operator, right } = node;
    if (operator.kind === ts.SyntaxKind.AsteriskToken) return numberOf(right) === 1024;
    const compares = /^[<>]=?$/.test(operator.getText());
    return (
      compares && /\.(?:length|size|byteLength)$/.test(left.getText()) && numberOf(right) >= smallestBound
    );
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const [first, second] = node.arguments;
  const method = node.expression.name.text;
  // A schema's bound. `Math.max` has two arguments.
  if (method === 'max') return second === undefined && first !== undefined && numberOf(first) > 1;
  return method === 'slice' && second !== undefined && numberOf(second) >= shortestCut;
}

/** Of a literal. Anything else is NaN, for which no comparison holds. */
function numberOf(node: ts.Expression): number {
  return ts.isNumericLiteral(node) ? Number(node.text) : Number.NaN;
}

describe('a bound on what comes from outside', () => {
  it('stands in shared/limits/ only', () => {
    const root = path.join(import.meta.dirname, '../../src');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll(path.sep, '/'))
      .filter((file) => file.endsWith('.ts') && !file.startsWith('shared/limits/'));
    assert.ok(files.length > 20, `only ${files.length} files were read`);
    const found = files.flatMap((file) => literalBounds(file, readFileSync(path.join(root, file), 'utf8')));
    assert.deepEqual(found, []);
  });

  const literals = [
    'const mostRows = 5_000;',
    'const limits = { fieldBytes: 256 };',
    'const chunk = 16 * 1024;',
    'if (text.length > 4_000) cut();',
    'z.string().max(300)',
    'name.slice(0, 64)',
  ];
  for (const code of literals) {
    it(`would be found in: ${code}`, () => {
      assert.equal(literalBounds('a.ts', code).length, 1);
    });
  }

  const others = [
    'const mostRows = limits.rows;',
    'Math.max(2, 3)',
    'hash.slice(0, 12)',
    'const longestPort = 5;',
  ];
  for (const code of others) {
    it(`would not be found in: ${code}`, () => {
      assert.deepEqual(literalBounds('a.ts', code), []);
    });
  }
});
