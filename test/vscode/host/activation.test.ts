import assert from 'node:assert/strict';
import path from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';

interface Manifest {
  contributes: { commands: { command: string }[] };
}

function callguard(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('callguard.callguard');
  assert.ok(extension, 'callguard.callguard is not there');
  return extension;
}

const subject = process.env['CALLGUARD_TEST_SUBJECT'];

describe('Callguard in an extension host', () => {
  it('activates', async () => {
    await callguard().activate();

    assert.equal(callguard().isActive, true);
  });

  it('has the version under test', () => {
    const folder = path.basename(path.dirname(callguard().extensionPath));

    assert.equal(folder === 'extensions', subject === 'VSIX');
  });

  it('runs its tests at noon, so that no day ends meanwhile', () => {
    assert.ok([12, 13].includes(new Date().getHours()));
  });

  it('has a second extension beside it', () => {
    assert.ok(vscode.extensions.getExtension('callguard-tests.consumer'));
  });

  it('registers every command in its package.json', async () => {
    await callguard().activate();
    const manifest = callguard().packageJSON as Manifest;
    const registered = await vscode.commands.getCommands(true);

    const missing = manifest.contributes.commands.filter(({ command }) => !registered.includes(command));

    assert.deepEqual(missing, []);
  });
});
