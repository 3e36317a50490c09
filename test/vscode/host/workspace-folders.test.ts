import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { EditorSettings } from '../../../src/editor/editor-settings.ts';

describe('a folder that is added to the workspace', () => {
  let settings: EditorSettings;
  let parent: string;

  before(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'callguard-folders-'));
    await setTenants({ acme: [path.join(parent, '*')] });
    settings = new EditorSettings({ warn: () => undefined });
  });

  after(async () => {
    settings.dispose();
    await setTenants(undefined);
    await rm(parent, { recursive: true, force: true });
  });

  async function setTenants(tenants: object | undefined): Promise<void> {
    const section = vscode.workspace.getConfiguration('callguard');
    await section.update('tenants', tenants, vscode.ConfigurationTarget.Global);
  }

  async function makeFolder(name: string, own: object): Promise<vscode.Uri> {
    const folder = path.join(parent, name);
    await mkdir(path.join(folder, '.vscode'), { recursive: true });
    await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(own));
    return vscode.Uri.file(folder);
  }

  /** Makes this folder the second one of the workspace, or removes the second one. */
  async function setSecondFolder(uri: vscode.Uri | undefined): Promise<void> {
    const { promise: changed, resolve } = Promise.withResolvers<unknown>();
    const subscription = vscode.workspace.onDidChangeWorkspaceFolders(resolve);
    const isAccepted =
      uri === undefined
        ? vscode.workspace.updateWorkspaceFolders(1, 1)
        : vscode.workspace.updateWorkspaceFolders(1, 0, { uri });
    assert.ok(isAccepted);
    await changed;
    subscription.dispose();
  }

  it('brings its limits and models, which go when it is removed', async () => {
    const own = {
      'callguard.workspace.limits': { requestsPerDay: 7 },
      'callguard.workspace.models': ['small'],
    };
    await setSecondFolder(await makeFolder('capped', own));
    const { workspaceLimits, workspaceModels } = settings.current;
    assert.deepEqual([workspaceLimits, workspaceModels], [{ requestsPerDay: 7 }, [['small']]]);
    await setSecondFolder(undefined);
    assert.deepEqual([settings.current.workspaceLimits, settings.current.workspaceModels], [{}, []]);
  });

  it('does not put calls on the account of its tenant', async () => {
    await setSecondFolder(await makeFolder('plain', {}));
    assert.equal(settings.current.tenant, 'default');
    await setSecondFolder(undefined);
  });

  it('leaves calls on the account of the first folder', async () => {
    const { workspaceFile } = vscode.workspace;
    assert.ok(workspaceFile);
    await setTenants({ first: [path.join(path.dirname(workspaceFile.fsPath), '*')] });
    await setSecondFolder(await makeFolder('plain', {}));
    assert.equal(settings.current.tenant, 'first');
    await setSecondFolder(undefined);
  });
});
