import type { Secret } from './secret.ts';

/** A secret together with the one origin that it may be sent to. The wire refuses every other origin. */
export interface BoundKey {
  readonly secret: Secret;
  /** Scheme, host and port, as `URL.origin` spells them. */
  readonly origin: string;
}
