import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { marked, type Token } from 'marked';
import { root } from '../../../scripts/paths.ts';
import { readPage } from '../../support/markdown.ts';

const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(path.join(root, 'docs')).map((file) => `docs/${file}`),
];

function tokensOf(file: string): Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(readPage(file)), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** Where a page links to, pictures included. */
function linksIn(file: string): string[] {
  return tokensOf(file).flatMap((token) => {
    if (token.type === 'link' || token.type === 'image') return [String(token['href'])];
    if (token.type !== 'html') return [];
    return [...token.raw.matchAll(/(?:src|srcset|href)="([^"]+)"/g)].map(([, href = '']) => href);
  });
}

/** The anchors of a page's headings as GitHub and VS Code make them. No page has one heading twice. */
function anchorsIn(file: string): string[] {
  return tokensOf(file).flatMap((token) => {
    if (token.type !== 'heading') return [];
    const words = String(token['text'])
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
    return [words.trim().replaceAll(/\s/g, '-')];
  });
}

/** What is wrong with a link; undefined for one that leads somewhere, and for one to the web. */
function problemOf(file: string, link: string): string | undefined {
  if (/^(?:https?|mailto):/.test(link)) return undefined;
  const [to = '', anchor] = link.split('#');
  const found = to === '' ? file : path.posix.join(path.posix.dirname(file), to);
  if (!existsSync(path.join(root, found))) return `${file}: there is no ${found}`;
  if (anchor === undefined || (found.endsWith('.md') && anchorsIn(found).includes(anchor))) return undefined;
  return `${file}: ${found} has no heading #${anchor}`;
}

describe('a page of the documentation', () => {
  for (const file of pages) {
    it(`${file} has only links that lead somewhere`, () => {
      assert.deepEqual(
        linksIn(file).flatMap((link) => problemOf(file, link) ?? []),
        [],
      );
    });

    it(`${file} has no heading twice`, () => {
      assert.deepEqual(anchorsIn(file), [...new Set(anchorsIn(file))]);
    });
  }

  it('is linked from the README, if it is in docs/', () => {
    const linked = new Set(linksIn('README.md').map((link) => link.split('#', 1)[0]));
    assert.deepEqual(
      pages.filter((file) => file.startsWith('docs/') && !linked.has(file)),
      [],
    );
  });
});
