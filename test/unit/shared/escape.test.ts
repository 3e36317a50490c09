import assert from 'node:assert/strict';
import { marked } from 'marked';
import {
  codeBlock,
  jsonText,
  labelText,
  markdownText,
  messageText,
  shownText,
} from '../../../src/shared/escape.ts';

const hostile = [
  '<img src=x onerror=alert(1)>',
  '[a](command:workbench.action.quit)',
  '![a](https://example.com/a.png)',
  '**b** _i_ ~~s~~ `c` $(trash) &lt;b&gt;',
  'https://example.com www.example.com me@example.com',
  '# not a heading',
  '- not a list',
  '1. not a list either',
  '> no quote',
  'a | b | c',
  '\\*',
  '--- \\',
];

/** The text that a user would see of rendered HTML. */
function seenOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#36;', '$')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

describe('markdownText', () => {
  for (const text of hostile) {
    it(`shows the text unchanged: ${text}`, () => {
      const html = marked.parse(markdownText(text), { async: false }).trim();
      assert.equal(seenOf(html), text);
      assert.deepEqual(html.match(/<[a-z]+/g), ['<p']);
    });

    it(`stays one cell of a table: ${text}`, () => {
      const table = `| a | b |\n| --- | --- |\n| ${markdownText(text)} | end |`;
      const cells = marked.parse(table, { async: false }).match(/<td>.*?<\/td>/g) ?? [];
      assert.deepEqual(cells.map(seenOf), [text, 'end']);
    });
  }

  it('leaves no icon for VS Code to find', () => {
    assert.ok(!markdownText('$(trash)').includes('$'));
  });
});

describe('shownText', () => {
  it('shows hidden and reordering characters', () => {
    assert.equal(shownText('a\u202Eb\u200Bc\u0000\u{E0041}'), 'a[U+202E]b[U+200B]c[U+0000][U+E0041]');
    assert.equal(shownText('m\u3164\u115F\uFE00\u034F'), 'm[U+3164][U+115F][U+FE00][U+034F]');
    assert.equal(shownText('one\r\ntwo\tthree'), 'one two three');
  });

  it('leaves other text unchanged', () => {
    assert.equal(shownText('Größe / 模型 🦊'), 'Größe / 模型 🦊');
  });
});

describe('messageText', () => {
  it('prevents links with almost no change to the text', () => {
    const text = 'denied: [Enter the key again](command:workbench.action.quit "here")';
    // VS Code finds links in its messages this way (src/vs/base/common/linkedText.ts).
    const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
    assert.match(text, link);
    assert.doesNotMatch(messageText(text), link);
    assert.equal(messageText(text).replaceAll(' ', ''), text.replaceAll(' ', ''));
  });

  it('leaves text without a link unchanged', () => {
    assert.equal(messageText('acme: [1] is (not) a link'), 'acme: [1] is (not) a link');
  });
});

describe('labelText', () => {
  it('prevents icons', () => {
    assert.equal(labelText('$(check) a\u202Eb'), String.raw`\$(check) a[U+202E]b`);
  });
});

describe('jsonText', () => {
  it('is the same to programs, and shows invisible characters', () => {
    const value = { 'a\u202E': ['\u{E0041}', 'x\ny', 1] };
    const text = jsonText(value);
    assert.deepEqual(JSON.parse(text), value);
    assert.match(text, /"a\\u202e"/);
    assert.match(text, /"\\udb40\\udc41"/);
  });
});

describe('codeBlock', () => {
  it('uses a fence longer than any run of backticks in the text', () => {
    assert.equal(codeBlock('a ```` b', 'ts'), '`````ts\na ```` b\n`````');
    const runs = '`a'.repeat(300_000);
    assert.equal(codeBlock(runs, ''), `\`\`\`\n${runs}\n\`\`\``);
  });
});
