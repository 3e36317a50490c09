import { ExactValues } from '../../redaction/exact.ts';
import { findSecrets } from '../../redaction/prompt-scan.ts';
import type { Wording } from '../../shared/l10n.ts';
import { providerKind, type ProviderKind } from './catalogue.ts';

const nothingLoaded = new ExactValues();

/** What kind of key it is by its shape, if it must be another provider's. */
export function foreignKey(kind: ProviderKind, key: string): Wording | undefined {
  const own = providerKind(kind).keyShapes;
  const [found] = findSecrets(key, nothingLoaded);
  if (own === undefined || found?.index !== 0) return undefined;
  return own.includes(found.kind) ? undefined : found.label;
}
