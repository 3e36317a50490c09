import type { Secret } from '../../shared/secret.ts';
import type { KeyHeader } from '../config/catalogue.ts';

/** What a request needs, beside its body, to be let in. Secrets stay sealed in it until the wire writes them. */
export interface Access {
  /** Undefined for a provider that needs none. */
  readonly key: Secret | undefined;
  readonly keyHeader: KeyHeader;
  /** Names in lower case. They go over those of the SDK. */
  readonly headers: Readonly<Record<string, string | Secret>>;
  /** False: any certificate will do, because the user has told VS Code so. */
  readonly strictTls: boolean;
  /** Parameters that are added to the URL, unless it has them already. */
  readonly query: Readonly<Record<string, string>>;
}
