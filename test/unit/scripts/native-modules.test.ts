import assert from 'node:assert/strict';
import { whyNotCompiled } from '../../../scripts/native-modules.ts';

describe('a native module that could not be compiled', () => {
  for (const [what, output, words] of [
    [
      'make, for node-gyp',
      'gyp ERR! stack Error: not found: make',
      /no C\+\+ compiler.*Install g\+\+ and make/,
    ],
    ['the compiler, for make itself', 'make: g++: No such file or directory', /no C\+\+ compiler/],
    ['the compiler, for the shell', '/bin/sh: 1: g++: not found', /no C\+\+ compiler/],
    [
      'the developer tools of a Mac',
      'xcode-select: note: No developer tools were found',
      /no C\+\+ compiler/,
    ],
    ['Python', 'gyp ERR! find Python Could not find any Python installation to use', /Install python3/],
  ] as const) {
    it(`lacks ${what}, and says in one sentence what to install`, () => {
      const said = whyNotCompiled('spdlog', output);
      assert.match(said, words);
      assert.match(
        said,
        /^The VS Code server's spdlog has to be compiled, [^\n]*`npm start -- --desktop`\.$/,
      );
    });
  }

  it('shows what the compiler said where that is none of these', () => {
    const output =
      'spdlog.cc:1:10: fatal error: missing.h: No such file or directory\ng++: error: no input files\n';
    assert.equal(
      whyNotCompiled('spdlog', output),
      `The VS Code server's spdlog could not be compiled:\n${output.trimEnd()}`,
    );
  });
});
