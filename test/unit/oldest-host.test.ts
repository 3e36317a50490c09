import assert from 'node:assert/strict';
import { Linter } from 'eslint';
import { missingInOldestHost } from '../../eslint.host.mjs';

function problemsOf(code: string): string[] {
  const { syntax, globals, properties } = missingInOldestHost;
  const problems = new Linter().verify(code, {
    languageOptions: { ecmaVersion: 'latest', sourceType: 'module' },
    rules: {
      'no-restricted-syntax': ['error', ...syntax],
      'no-restricted-globals': ['error', ...globals],
      'no-restricted-properties': ['error', ...properties],
    },
  });
  return problems.map(({ message }) => message);
}

/** Apart from its statements, which the rule would refuse in this file too. */
const parameter = '?1';

describe('the lint rules for the oldest extension host', () => {
  const missing = [
    'using file = open();',
    'await using file = open();',
    'await run[Symbol.asyncDispose]();',
    'export const owner = { [Symbol.dispose]: () => 1 };',
    'new DisposableStack();',
    'new Float16Array(1);',
    'Math.f16round(1);',
    'RegExp.escape(text);',
    'Error.isError(problem);',
    'Promise.try(work);',
    "new Intl.DurationFormat('en');",
    "Uint8Array.fromBase64('');",
    "new URLPattern('/:a');",
    `db.prepare('SELECT ${parameter}');`,
    `db.prepare(\`SELECT a FROM b WHERE c=${parameter}\`);`,
    'export const pattern = /(?i:a)b/;',
    'export const pattern = /(?s-i:a)b/;',
  ];
  for (const code of missing) {
    it(`forbid '${code}'`, () => {
      assert.match(problemsOf(code).join('\n'), /Hosts on Node\.js 22 do not have it/);
    });
  }

  it('allow what Node.js 22 has', () => {
    const code = `
      export const { promise, resolve } = Promise.withResolvers();
      export const groups = Map.groupBy([1], (n) => n);
      export const pattern = /(?:a)(?=b)(?<name>c)/i;
      db.prepare('SELECT a FROM b WHERE c = ? AND d = $name');
      export const run = (parts) => parts.return?.();
      export const disposable = { dispose: () => 1 };
      for await (const part of parts) run(part);`;
    assert.deepEqual(problemsOf(code), []);
  });
});
