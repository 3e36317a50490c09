import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canMatchModel, canonicalModel, isSameModel } from '../../../src/guard/model-name.ts';
import { foldCase } from '../../../src/shared/fold-case.ts';

describe('canonicalModel', () => {
  for (const [what, name, canonical] of [
    ['a plain name', 'gpt-5.1-mini', 'gpt-5.1-mini'],
    ['upper case', 'LLAMA3', 'llama3'],
    ['blanks around it', ' llama3\t', 'llama3'],
    ["Google's prefix", 'models/gemini-3-pro', 'gemini-3-pro'],
    ["Google's prefix in another case, and twice", 'Models/MODELS/gemini-3-pro', 'gemini-3-pro'],
    ['a vendor before the name', 'Meta-Llama/Llama-3.3-70B-Instruct', 'meta-llama/llama-3.3-70b-instruct'],
    ['a tag', 'llama3:latest', 'llama3:latest'],
    ['a decomposed letter', 'mode\u0301le', 'modéle'],
    ['the Kelvin sign', 'gro\u212a', 'grok'],
    [
      'a tag, an account and a file type',
      '@cf/Meta/llama-3.1:8b-q4_0.GGUF',
      '@cf/meta/llama-3.1:8b-q4_0.gguf',
    ],
    ['a fine-tuned model', 'ft:gpt-4o:my-org::a1', 'ft:gpt-4o:my-org::a1'],
    ['a size in brackets', 'claude-sonnet-5[1m]', 'claude-sonnet-5[1m]'],
    ['another script', '模型-Ⴀ', '模型-ⴀ'],
  ] as const) {
    it(`returns '${canonical}' for ${what}`, () => {
      assert.equal(canonicalModel(name), canonical);
    });
  }

  for (const [what, name] of [
    ['an empty name', ''],
    ['only blanks', '  '],
    ["only Google's prefix", 'models/'],
    ['an inner blank', 'llama 3'],
    ['an inner no-break space', 'llama\u00a03'],
    ['a line break', 'llama\r\n3'],
    ['a null', 'llama3\0'],
    ['a zero-width space', 'lla\u200bma3'],
    ['a soft hyphen', 'lla\u00adma3'],
    ['a mark of direction', '\u202ellama3'],
    ['a selector', 'llama3\ufe0f'],
    ['a filler', 'llama\u3164'],
    ['a lone surrogate', 'llama\ud800'],
    ['an escape of a URL', 'llama%33'],
    ['a list of names', 'gpt-5,llama3'],
    ['a list of names with a semicolon', 'gpt-5;llama3'],
    ['a query of a URL', 'gpt-5?model=llama3'],
    ['a fragment of a URL', 'gpt-5#llama3'],
    ['a step up in a path', 'gpt-5/../llama3'],
    ['a step up at its start', '../llama3'],
    ['a step on the spot', './llama3'],
    ['a step up at its end', 'x/..'],
    ['a slash at its start', '/llama3'],
    ['a slash at its end', 'llama3/'],
    ['an empty step in a path', 'models//llama3'],
    ['an empty step behind a vendor', 'meta//llama3'],
    ['an empty tag', 'llama3:'],
    ['an empty version', 'llama3@'],
    ['an empty vendor', ':llama3'],
    ['a wildcard', 'llama*'],
    ['only a wildcard', '*'],
    ['quotes', '"llama3"'],
    ['single quotes', "'llama3'"],
    ['a list of names with a bar', 'gpt-5|llama3'],
    ['a parameter of a URL', 'gpt-5&model=llama3'],
    ['brackets of a tag', '<llama3>'],
    ['brackets of a variable', '{llama3}'],
    ['a backslash', 'x\\..\\llama3'],
    ['full-width letters', 'ｌｌａｍａ３'],
    ['a ligature', 'ﬁne-tuned'],
    ['a long s', 'mi\u017ftral'],
    ['a superscript', 'llama³'],
  ] as const) {
    it(`returns nothing for ${what}`, () => {
      assert.equal(canonicalModel(name), undefined);
    });
  }

  it('returns its own result unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const canonical = canonicalModel(name);
        if (canonical !== undefined) assert.equal(canonicalModel(canonical), canonical);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on the case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const canonical = canonicalModel(name);
        if (canonical === undefined) return;
        assert.equal(canonicalModel(name.toUpperCase()) ?? canonical, canonical);
        assert.equal(foldCase(canonical), canonical);
      }),
      { numRuns: 2_000 },
    );
  });

  it('folds every character in one pass', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const folded = foldCase(String.fromCodePoint(code));
      if (foldCase(folded) !== folded) assert.fail(`U+${code.toString(16)}`);
    }
  });

  it('makes two spellings one model, and matches an odd name with none', () => {
    assert.ok(isSameModel('GPT-5', 'models/gpt-5'));
    assert.ok(!isSameModel('gpt-5', 'gpt-5-mini'));
    assert.ok(!isSameModel('gpt 5', 'gpt 5'));
  });
});

describe('canMatchModel', () => {
  for (const pattern of ['*', 'gpt-*', '*-preview', '*:free', 'openai/*', 'models/*', 'LLAMA3', '*/*'])
    it(`accepts '${pattern}'`, () => {
      assert.ok(canMatchModel(pattern));
    });

  for (const pattern of ['gpt 5', 'gpt-5\u200b', 'ｇｐｔ*', 'a//*', 'gpt-5,*', ' '])
    it(`refuses ${JSON.stringify(pattern)}, which no name matches`, () => {
      assert.ok(!canMatchModel(pattern));
    });
});
