import * as vscode from 'vscode';
import type { Redactor } from '../redaction/redact.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { Log } from '../shared/log.ts';

/** The log as an output channel of VS Code. */
export interface EditorLog extends Log {
  show(): void;
}

/** Its output channel goes when it is disposed. */
export function createLog(redactor: Redactor): EditorLog & Disposable {
  const channel = vscode.window.createOutputChannel('Callguard', { log: true });
  return {
    dispose: () => {
      channel.dispose();
    },
    info: (message) => {
      channel.info(redactor.redact(message));
    },
    warn: (message) => {
      channel.warn(redactor.redact(message));
    },
    error: (message, error) => {
      channel.error(
        redactor.redact(message) + (error === undefined ? '' : `\n${redactor.redactError(error)}`),
      );
    },
    clean: (text) => redactor.redact(text),
    show: () => {
      channel.show(true);
    },
  };
}
