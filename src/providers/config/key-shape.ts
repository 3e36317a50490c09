import { noValues } from '../../redaction/exact.ts';
import { findSecrets } from '../../redaction/prompt-scan.ts';
import type { Wording } from '../../shared/l10n.ts';
import { providerKind, type ProviderKind } from './catalogue.ts';

/** The kind of the key by its shape, if only another provider issues such keys. */
export function foreignKey(kind: ProviderKind, key: string): Wording | undefined {
  const own = providerKind(kind).keyShapes;
  const [found] = findSecrets(key, noValues);
  if (own === undefined || found?.index !== 0) return undefined;
  return own.includes(found.kind) ? undefined : found.label;
}
