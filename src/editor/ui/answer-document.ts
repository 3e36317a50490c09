import * as vscode from 'vscode';
import type { Disposable } from '../../shared/disposable.ts';

/** How often new text is written into the document: often enough to read along, rarely enough to be cheap. */
const writeEveryMs = 60;
/** How often one piece is retried: more often than a user can type while it is being written. */
const mostTries = 50;

/** An untitled Markdown document beside the editor that receives a streamed answer. */
export class AnswerDocument {
  readonly #document: vscode.TextDocument;
  #pending = '';
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #scheduled: NodeJS.Timeout | undefined;

  private constructor(document: vscode.TextDocument) {
    this.#document = document;
  }

  static async open(heading: string): Promise<AnswerDocument> {
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: heading });
    await vscode.window.showTextDocument(document, {
      // Without an open editor, 'beside' would leave half of the window empty.
      viewColumn:
        vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    return new AnswerDocument(document);
  }

  /** Fires when the user closes the document. */
  onDidClose(listener: () => void): Disposable {
    return vscode.workspace.onDidCloseTextDocument((closed) => {
      // VS Code reports a change of language as if the document were closed and opened again.
      if (closed === this.#document && closed.isClosed) listener();
    });
  }

  append(text: string): void {
    this.#pending += text;
    this.#scheduled ??= setTimeout(() => {
      this.#scheduled = undefined;
      this.#writeNext();
    }, writeEveryMs);
  }

  /** Resolves when all text is in the document. Rejects if it could not be written. */
  async flush(): Promise<void> {
    clearTimeout(this.#scheduled);
    this.#scheduled = undefined;
    this.#writeNext();
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #writeNext(): void {
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      });
  }

  async #write(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text === '') return;
    for (let tries = 0; tries < mostTries && !this.#document.isClosed; tries += 1) {
      const edit = new vscode.WorkspaceEdit();
      const end = this.#document.lineAt(this.#document.lineCount - 1).range.end;
      edit.insert(this.#document.uri, end, text);
      // VS Code rejects an edit if the user has typed in the meantime.
      if (await vscode.workspace.applyEdit(edit)) return;
    }
    if (this.#document.isClosed) return;
    throw new Error(vscode.l10n.t('The answer could not be written to its document.'));
  }
}
