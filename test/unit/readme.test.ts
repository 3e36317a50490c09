import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/paths.ts';
import { readmeExample, readmeLines } from '../support/readme-example.ts';

function strictest(): ts.ParsedCommandLine {
  const parsed = ts.getParsedCommandLineOfConfigFile(path.join(root, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  if (parsed === undefined) throw new Error('there is no tsconfig.json');
  return parsed;
}

describe("the README's lines that use the API", () => {
  it('are ten', () => {
    assert.equal(readmeLines().trimEnd().split('\n').length, 10);
  });

  it('pass the strictest check of types', () => {
    const file = path.join(root, 'readme-example.ts');
    const { options } = strictest();
    const host = ts.createCompilerHost(options);
    const example = ts.createSourceFile(file, readmeExample(), ts.ScriptTarget.ES2024);
    const program = ts.createProgram([file], options, {
      ...host,
      fileExists: (name) => name === file || host.fileExists(name),
      getSourceFile: (name, ...rest) => (name === file ? example : host.getSourceFile(name, ...rest)),
    });
    const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
    assert.deepEqual(problems, []);
  });
});
