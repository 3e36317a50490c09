import { english, type L10n } from '../shared/l10n.ts';
import type { MigrationRefusal } from './legacy-migration.ts';
import { describeVaultRefusal } from './vault-refusal.ts';
import type { RotationRefusal } from './rotation.ts';

/** Why the master key was not rotated, and what to do. The only place with this text. */
export function describeRotationRefusal(refusal: RotationRefusal, l10n: L10n = english): string {
  if (refusal.kind !== 'environmentRing') return describeVaultRefusal(refusal, l10n).message;
  return l10n.t(
    'The master key comes from LLM_SECRET_KEY, so you rotate it there: set LLM_SECRET_KEY to a new key, add the old key to LLM_PREVIOUS_KEYS, and restart VS Code. Callguard then seals the provider keys again.',
  );
}

/** Why an entry of the older layout was not migrated, and what to do. The only place with this text. */
export function describeMigrationRefusal(refusal: MigrationRefusal, l10n: L10n = english): string {
  switch (refusal.kind) {
    case 'unknownProvider':
      return l10n.t(
        'No provider with this name is set up. The old entry is kept. Set up the provider to move the key.',
      );
    case 'originDeclined':
      return l10n.t(
        'You did not confirm this address for the key. The old entry is kept, and Callguard asks again at the next start.',
      );
    case 'otherKeySet':
      return l10n.t(
        'The vault already has a newer key for this provider. Both are kept. If the old key is the right one, replace the key in the vault.',
      );
    case 'empty':
      return l10n.t('The old entry is empty. Enter the key again.');
    case 'unreadableToken':
      return l10n.t(
        'The old entry is a Fernet token that no master key in this window can decrypt. It is kept. Add the master key that sealed it to LLM_PREVIOUS_KEYS and restart VS Code, or enter the key again.',
      );
    default:
      return describeVaultRefusal(refusal, l10n).message;
  }
}
