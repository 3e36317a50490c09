import type { Secret } from '../../shared/secret.ts';

/** A key as a source has it: in the clear, in base64, or as a Fernet token. */
export interface SourceRow {
  /** Where it stands, in words for a person. */
  readonly place: string;
  /** As the source names it. */
  readonly provider: string;
  readonly value: Secret;
}

/** A row that has no key to import, and why. Never has a key in it. */
export interface BadRow {
  readonly place: string;
  readonly problem: string;
}

export interface SourceRows {
  readonly rows: readonly SourceRow[];
  readonly bad: readonly BadRow[];
}
