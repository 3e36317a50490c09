import { nothingLoaded } from '../../redaction/known-secrets.ts';
import { findSecrets } from '../../redaction/prompt-scan.ts';
import type { Wording } from '../../shared/l10n.ts';
import { providerKind, type ProviderKind } from './catalogue.ts';

/** Whether a text has the shape of a key of some provider or service from its first character on. */
export function looksLikeKey(text: string): boolean {
  return findSecrets(text, nothingLoaded)[0]?.index === 0;
}

/** The kind of the key by its shape, if only another provider issues such keys. */
export function foreignKey(kind: ProviderKind, key: string): Wording | undefined {
  const own = providerKind(kind).keyShapes;
  const [found] = findSecrets(key, nothingLoaded);
  if (own === undefined || found?.index !== 0) return undefined;
  return own.includes(found.kind) ? undefined : found.label;
}
