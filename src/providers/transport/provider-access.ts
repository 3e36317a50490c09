import type { BoundKey } from '../../shared/bound-key.ts';
import type { KeyHeader } from '../config/catalogue-row.ts';

/** What a request needs beside its body. The secrets stay sealed in it until the wire writes them. */
export interface Access {
  /** Undefined for a provider that needs none. */
  readonly key: BoundKey | undefined;
  readonly keyHeader: KeyHeader;
  /** Names in lower case. They replace those of the SDK. */
  readonly headers: Readonly<Record<string, string | BoundKey>>;
  /** False if the user has told VS Code to accept any certificate. */
  readonly strictTls: boolean;
  /** Parameters that are added to the URL unless it has them already. */
  readonly query: Readonly<Record<string, string>>;
}
