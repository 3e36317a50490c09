import type { Log } from '../shared/log.ts';
import type { Redactor } from './redact.ts';

/** The destination of log lines: VS Code's output channel, or a stream. */
export interface LogSink {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** The only way into a sink. */
export function redactedLog(sink: LogSink, redactor: Redactor): Log {
  return {
    info: (message) => {
      sink.info(redactor.redact(message));
    },
    warn: (message) => {
      sink.warn(redactor.redact(message));
    },
    error: (message, error) => {
      sink.error(redactor.redact(message) + (error === undefined ? '' : `\n${redactor.redactError(error)}`));
    },
    clean: (text) => redactor.redact(text),
  };
}
