import type { LogOutputChannel } from 'vscode';
import type { Redactor } from '../redaction/redact.ts';

/** The log of the extension. Everything passes redaction on its way in; there is no other way in. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** With the error's own message, causes and stack. */
  error(message: string, error?: unknown): void;
  show(): void;
}

export function createLog(channel: LogOutputChannel, redactor: Redactor): Log {
  return {
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
    show: () => {
      channel.show(true);
    },
  };
}
