import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { missingInOldestHost } from './eslint.host.mjs';

export default defineConfig(
  globalIgnores(['dist', 'coverage', '.cache', 'node_modules']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
        {
          selector: "CallExpression[callee.object.type='ThisExpression'][callee.property.name='skip']",
          message: 'Use skipBecause(): a skip without a reason fails.',
        },
        ...missingInOldestHost.syntax,
      ],
      'no-restricted-globals': ['error', ...missingInOldestHost.globals],
      'no-restricted-properties': ['error', ...missingInOldestHost.properties],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
    },
  },
  {
    // A slow machine must not fail a test. `npm run bench` and `npm run proof` measure speed.
    files: ['test/{unit,integration,vscode}/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...missingInOldestHost.properties,
        ...['cpuUsage', 'threadCpuUsage'].map((property) => ({
          object: 'process',
          property,
          message: 'No test may depend on speed. Measure in a bench or a proof.',
        })),
      ],
    },
  },
  {
    // Tool configurations are default exports by their tools' contract.
    files: ['*.mjs'],
    rules: { 'no-restricted-syntax': ['error', ...missingInOldestHost.syntax] },
  },
);
