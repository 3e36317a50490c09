import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCase, type CorpusCase } from './case-format.ts';

export interface CorpusFile {
  /** The path below `cases/`, without its ending. */
  readonly name: string;
  readonly bytes: number;
  readonly content: CorpusCase;
}

const folder = path.join(import.meta.dirname, 'cases');

/** Every case, or those whose names contain one of the words. */
export function readCorpus(words: readonly string[] = []): CorpusFile[] {
  return globSync('**/*.json', { cwd: folder })
    .sort()
    .map((file) => ({ file, name: file.replaceAll(path.sep, '/').replace(/\.json$/, '') }))
    .filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
    .map(({ file, name }) => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      try {
        return { name, bytes: Buffer.byteLength(text), content: parseCase(text) };
      } catch (error) {
        throw new Error(`test/corpus/cases/${file} is not a case`, { cause: error });
      }
    });
}
