import { readPage } from './markdown.ts';

/** The lines of docs/api.md that call the API, exactly as the page shows them. */
export function exampleLines(): string {
  const lines = /```ts\n(async function nameAColour[^]*?)```/.exec(readPage('docs/api.md'))?.[1];
  if (lines === undefined) throw new Error('docs/api.md has no lines that call the API.');
  return lines;
}

/** The lines as a module in the root folder, with the imports that a reader of the page has to add. */
export function exampleModule(): string {
  return [
    "import * as vscode from 'vscode';",
    "import type { CallguardApi } from './src/api.ts';",
    exampleLines(),
    'export { nameAColour };',
  ].join('\n');
}
