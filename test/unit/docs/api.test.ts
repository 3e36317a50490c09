import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../../../scripts/paths.ts';
import { exampleLines, exampleModule } from '../../support/api-example.ts';
import { apiLimits } from '../../../src/shared/limits.ts';
import { codeIn, readPage, sorted, tableRowsIn } from '../../support/markdown.ts';

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

function membersOfApi(): string[] {
  const file = path.join(root, 'src', 'api.ts');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2024);
  const api = source.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === 'CallguardApi');
  return (api?.members ?? []).flatMap(({ name }) => (name === undefined ? [] : [name.getText(source)]));
}

describe('docs/api.md', () => {
  it('names every member of the API, and no other', () => {
    const names = tableRowsIn(readPage('docs/api.md')).map(([member = '']) =>
      codeIn(member)[0]?.replace(/\(.*/, ''),
    );
    assert.deepEqual(sorted(names.map(String)), sorted(membersOfApi()));
  });

  it('has the bounds of a request', () => {
    const { chars, values, depth } = apiLimits;
    const figures = [chars, values].map((figure) => figure.toLocaleString('en-US'));
    const words = `${figures[0]} characters, ${figures[1]} names and values, and ${depth} levels`;
    assert.ok(readPage('docs/api.md').replaceAll(/\s+/g, ' ').includes(words), words);
  });

  it('has an example of ten lines', () => {
    assert.equal(exampleLines().trimEnd().split('\n').length, 10);
  });

  it('has an example that passes the strictest type check', () => {
    const file = path.join(root, 'api-example.ts');
    const { options } = strictest();
    const host = ts.createCompilerHost(options);
    const example = ts.createSourceFile(file, exampleModule(), ts.ScriptTarget.ES2024);
    const program = ts.createProgram([file], options, {
      ...host,
      fileExists: (name) => name === file || host.fileExists(name),
      getSourceFile: (name, ...rest) => (name === file ? example : host.getSourceFile(name, ...rest)),
    });
    const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
    assert.deepEqual(problems, []);
  });
});
