import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AnswerDocument } from '../../../src/editor/ui/answer-document.ts';

describe('AnswerDocument', () => {
  after(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  it('loses nothing of the answer while the user types in it', async () => {
    const heading = 'What loses nothing?';
    const answer = await AnswerDocument.open(heading);
    const document = vscode.workspace.textDocuments.find((each) => each.getText() === heading);
    assert.ok(document);
    const pieces = Array.from({ length: 12 }, (_, at) => ` ${at};`);
    let typed = 0;
    for (const piece of pieces) {
      answer.append(piece);
      const key = new vscode.WorkspaceEdit();
      key.insert(document.uri, new vscode.Position(0, 0), 'x');
      // Both edits are based on the same version of the document, so only one can be applied at first.
      const [wasTyped] = await Promise.all([vscode.workspace.applyEdit(key), answer.flush()]);
      if (wasTyped) typed += 1;
    }
    assert.equal(document.getText(), 'x'.repeat(typed) + heading + pieces.join(''));
    assert.ok(typed > 0);
  });

  it('does not count a change of language as closing', async () => {
    const heading = 'Which language?';
    const answer = await AnswerDocument.open(heading);
    const closed = Promise.withResolvers<undefined>();
    let closings = 0;
    const subscription = answer.onDidClose(() => {
      closings += 1;
      closed.resolve(undefined);
    });
    const document = vscode.workspace.textDocuments.find((each) => each.getText() === heading);
    assert.ok(document);
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    assert.equal(closings, 0);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await closed.promise;
    assert.equal(closings, 1);
    subscription.dispose();
  });
});
