import { english, type Wording } from '../../shared/l10n.ts';
import type { Secret } from '../../shared/secret.ts';

/** A key in a source: plain, in base64, or as a Fernet token. */
export interface SourceRow {
  /** The place in the source. */
  readonly place: Wording;
  /** The source's name for the provider. */
  readonly provider: string;
  readonly value: Secret;
  /** The address that the source has for the key, if any. The key may be for no other. */
  readonly address?: string;
}

/** A row without a key to import, and why. Never contains a key. */
export interface BadRow {
  readonly place: Wording;
  readonly problem: Wording;
}

export interface SourceRows {
  readonly rows: readonly SourceRow[];
  readonly bad: readonly BadRow[];
}

/** A source cannot be read. `message` is for the log, `words` for the user. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly words: Wording;

  constructor(words: Wording) {
    super(words(english));
    this.words = words;
  }
}

/** The user no longer wants the source. */
export class ImportCancelled extends Error {
  override readonly name = 'ImportCancelled';
}
