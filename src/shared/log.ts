/** The log. Everything passes redaction on its way in, and there is no other way in. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** With the error's own message, causes and stack. */
  error(message: string, error?: unknown): void;
  /** A redacted text, as it may be shown anywhere. */
  clean(text: string): string;
}
