import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';

/** A page of the documentation, by its path in the repository. */
export function readPage(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** The text below a heading, up to the next heading of the same or a higher level. */
export function sectionOf(file: string, title: string): string {
  const page = readPage(file);
  const heading = page.split('\n').find((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === title);
  if (heading === undefined) throw new Error(`${file} has no section '${title}'.`);
  const text = page.slice(page.indexOf(`${heading}\n`) + heading.length);
  const level = heading.indexOf(' ');
  return text.split(new RegExp(`\\n#{1,${level}} `), 1)[0] ?? '';
}

/** The cells of every table in a text, row by row, without the heads. */
export function tableRowsIn(text: string): string[][] {
  const tables = text.split(/\n(?!\|)/).filter((block) => block.includes('\n| --'));
  return tables.flatMap((table) => {
    const lines = table.split('\n').filter((line) => line.startsWith('|'));
    return lines.slice(2).map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  });
}

/** What is written as code. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The settings of an example, which are those of a user without the braces around them. */
export function exampleOf(file: string, setting: string): Readonly<Record<string, unknown>> {
  const blocks = [...readPage(file).matchAll(/```jsonc\n([^]*?)```/g)].map(([, block = '']) => block);
  const block = blocks.find((text) => text.includes(`"${setting}"`));
  if (block === undefined) throw new Error(`${file} has no example of ${setting}.`);
  return JSON.parse(`{${block.replaceAll(/ \/\/ .*$/gm, '')}}`) as Readonly<Record<string, unknown>>;
}

export function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}
