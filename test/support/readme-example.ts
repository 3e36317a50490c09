import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';

/** The README's lines that use the API, just as they stand there. */
export function readmeLines(): string {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const lines = /## From another extension\n[^]*?```ts\n([^]*?)```/.exec(readme)?.[1];
  if (lines === undefined) throw new Error('The README has no lines that use the API.');
  return lines;
}

/** The lines as a module in the root folder, with the imports that a reader of the README has to make. */
export function readmeExample(): string {
  return [
    "import * as vscode from 'vscode';",
    "import type { CallguardApi } from './src/api.ts';",
    readmeLines(),
    'export { nameAColour };',
  ].join('\n');
}
