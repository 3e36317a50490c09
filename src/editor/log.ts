import * as vscode from 'vscode';
import type { Redactor } from '../redaction/redact.ts';
import type { Disposable } from '../shared/disposable.ts';

/** The log of the extension. Everything passes redaction on its way in; there is no other way in. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** With the error's own message, causes and stack. */
  error(message: string, error?: unknown): void;
  /** A text as it may be shown anywhere. */
  clean(text: string): string;
  show(): void;
}

/** Its output channel goes when it is disposed. */
export function createLog(redactor: Redactor): Log & Disposable {
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
