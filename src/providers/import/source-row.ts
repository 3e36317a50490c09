import { english, type Wording } from '../../shared/l10n.ts';
import type { Secret } from '../../shared/secret.ts';

/** A key as a source has it: in the clear, in base64, or as a Fernet token. */
export interface SourceRow {
  /** Where it stands. */
  readonly place: Wording;
  /** As the source names it. */
  readonly provider: string;
  readonly value: Secret;
}

/** A row that has no key to import, and why. Never has a key in it. */
export interface BadRow {
  readonly place: Wording;
  readonly problem: Wording;
}

export interface SourceRows {
  readonly rows: readonly SourceRow[];
  readonly bad: readonly BadRow[];
}

/** A source that has no rows to read at all. Its message is for the log, its words are for a person. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly words: Wording;

  constructor(words: Wording) {
    super(words(english));
    this.words = words;
  }
}
