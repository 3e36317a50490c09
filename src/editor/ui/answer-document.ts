import * as vscode from 'vscode';
import type { Disposable } from '../../shared/disposable.ts';

/** How often what has come is written into the document: often enough to read along, seldom enough to be cheap. */
const writeEveryMs = 60;
/** How often one piece is tried again: more than anybody types while it is on its way. */
const mostTries = 50;

/** An untitled Markdown document beside the editor, into which an answer is streamed. */
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
      // Beside nothing would be an empty half of the window.
      viewColumn:
        vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    return new AnswerDocument(document);
  }

  /** The reader closed it. */
  onDidClose(listener: () => void): Disposable {
    return vscode.workspace.onDidCloseTextDocument((closed) => {
      // Another language for it is told as if it were closed and opened again.
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

  /** Resolves once all that was appended is in the document; rejects if it could not be written there. */
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
      // VS Code applies no edit to a document in which somebody has typed meanwhile.
      if (await vscode.workspace.applyEdit(edit)) return;
    }
    if (this.#document.isClosed) return;
    throw new Error(vscode.l10n.t('The answer could not be written to its document.'));
  }
}
