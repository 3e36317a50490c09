import * as vscode from 'vscode';
import type { LogSink } from '../redaction/redacted-log.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { Log } from '../shared/log.ts';

/** The log, with its output channel. */
export interface EditorLog extends Log {
  show(): void;
}

/** VS Code's output channel. It is removed when it is disposed. */
export interface LogChannel extends LogSink, Disposable {
  show(preserveFocus: boolean): void;
}

export function createLogChannel(): LogChannel {
  return vscode.window.createOutputChannel('Callguard', { log: true });
}

export function createEditorLog(log: Log, channel: LogChannel): EditorLog {
  return {
    ...log,
    show: () => {
      channel.show(true);
    },
  };
}
