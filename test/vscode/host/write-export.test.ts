import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { writeExport } from '../../../src/editor/ui/write-export.ts';

/** A file system of another machine, as far as an export needs it. */
class ElsewhereFiles implements vscode.FileSystemProvider {
  readonly files = new Map<string, string>();
  broken = false;
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  watch = () => new vscode.Disposable(() => undefined);
  readDirectory = () => [];
  createDirectory = () => undefined;

  stat({ path }: vscode.Uri): vscode.FileStat {
    if (path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    if (!this.files.has(path)) throw vscode.FileSystemError.FileNotFound();
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: 0 };
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    return new TextEncoder().encode(this.files.get(path));
  }

  writeFile({ path }: vscode.Uri, content: Uint8Array): void {
    this.files.set(path, new TextDecoder().decode(content));
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    if (this.broken) throw vscode.FileSystemError.NoPermissions();
    this.files.set(to.path, this.files.get(from.path) ?? '');
    this.files.delete(from.path);
  }

  delete({ path }: vscode.Uri): void {
    this.files.delete(path);
  }
}

describe('writeExport, to another machine', () => {
  const elsewhere = new ElsewhereFiles();
  const target = vscode.Uri.parse('callguard-elsewhere:/metrics.csv');
  let registration: vscode.Disposable;

  before(() => {
    registration = vscode.workspace.registerFileSystemProvider('callguard-elsewhere', elsewhere);
  });
  after(() => {
    registration.dispose();
  });

  it('replaces the earlier file and leaves nothing else behind', async () => {
    await writeExport(target, 'one');
    await writeExport(target, ['two', ' parts']);
    assert.deepEqual([...elsewhere.files], [['/metrics.csv', 'two parts']]);
  });

  it('keeps the new file and names it when it cannot replace the earlier one', async () => {
    elsewhere.broken = true;
    await assert.rejects(writeExport(target, 'after'), /metrics\.csv\.[0-9a-f-]+\.tmp/);
    assert.ok([...elsewhere.files.values()].includes('after'));
  });
});
