import assert from 'node:assert/strict';
import { readPage } from '../../support/markdown.ts';
import { sentencesWithoutTest, testsOfSentences } from '../../support/security-sentences.ts';
import { sentencesOf } from '../../support/sentences.ts';
import { testTitles } from '../../support/test-titles.ts';

const titles = testTitles();

/** Why there is no such test, or undefined. `named`: `test/a.test.ts: the title of a test`. */
function missing(named: string): string | undefined {
  const [file = '', title = ''] = named.split(/: (.*)/s);
  return titles.get(file)?.has(title) === true ? undefined : named;
}

interface Row {
  readonly cells: readonly string[];
  readonly section: string;
}

/** The rows of the tables, without their heads. */
function rowsOf(page: string): Row[] {
  return page.split(/^## /m).flatMap((section) => {
    const [name = ''] = section.split('\n');
    return section
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2)
      .map((line) => ({
        section: name,
        cells: line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      }));
  });
}

describe('SECURITY.md', () => {
  const page = readPage('SECURITY.md');
  const rows = rowsOf(page);

  it('says what is protected, from whom and how', () => {
    assert.ok(rows.length > 40);
    assert.deepEqual(
      rows.filter(({ cells }) => cells.length !== 4 || cells.some((cell) => cell === '')),
      [],
    );
  });

  it('names tests that exist', () => {
    const named = rows.flatMap(({ cells }) => (cells[3] ?? '').split('<br>'));
    assert.ok(named.every((test) => /^`test\/[\w/.-]+`: ./.test(test)));
    assert.deepEqual(
      named.map((test) => missing(test.replaceAll('`', ''))).filter((test) => test !== undefined),
      [],
    );
  });

  it('promises nothing outside its tables', () => {
    const sections = page.split(/^## /m).filter((section) => section.includes('|'));
    assert.deepEqual(
      sections.flatMap((section) => sentencesOf(`## ${section}`)),
      [],
    );
  });
});

describe('docs/security.md', () => {
  const sentences = sentencesOf(readPage('docs/security.md'));

  it('has a test for each sentence that promises something', () => {
    const known = [...Object.keys(testsOfSentences), ...sentencesWithoutTest];
    const found = (sentence: string) => known.filter((words) => sentence.startsWith(words));
    assert.deepEqual(
      sentences.filter((sentence) => found(sentence).length !== 1),
      [],
      'add the first words to test/support/security-sentences.ts, with the test that shows the sentence',
    );
    assert.deepEqual(
      known.filter((words) => !sentences.some((sentence) => sentence.startsWith(words))),
      [],
    );
  });

  it('names tests that exist', () => {
    assert.deepEqual(
      Object.values(testsOfSentences)
        .map(missing)
        .filter((test) => test !== undefined),
      [],
    );
  });
});
