import { english, type L10n } from '../shared/l10n.ts';
import type { MigrationRefusal } from './migration.ts';
import { describeVaultRefusal } from './vault-refusal.ts';
import type { RotationRefusal } from './rotation.ts';

/** Why the master key was not rotated, and what to do. The only wording of it. */
export function describeRotationRefusal(refusal: RotationRefusal, l10n: L10n = english): string {
  if (refusal.kind !== 'environmentRing') return describeVaultRefusal(refusal, l10n).message;
  return l10n.t(
    'The master key is LLM_SECRET_KEY, so it is rotated there: set LLM_SECRET_KEY to a new key, put the one before into LLM_PREVIOUS_KEYS, and restart VS Code. The keys are then sealed again at start.',
  );
}

/** Why an entry of the older layout stays as it is, and what to do. The only wording of it. */
export function describeMigrationRefusal(refusal: MigrationRefusal, l10n: L10n = english): string {
  switch (refusal.kind) {
    case 'unknownProvider':
      return l10n.t(
        'No provider of this name is set up. Its old entry is kept; set the provider up to have the key moved.',
      );
    case 'originDeclined':
      return l10n.t(
        'The key was not confirmed for this address. Its old entry is kept; you are asked again at the next start.',
      );
    case 'otherKeySet':
      return l10n.t(
        'The vault has another key for it, entered since. Both are kept; replace the key if the old one is right.',
      );
    case 'empty':
      return l10n.t('The old entry is empty. Enter the key anew.');
    case 'unreadableToken':
      return l10n.t(
        'The old entry is a Fernet token that no master key of this window opens. It is kept; put the key that sealed it into LLM_PREVIOUS_KEYS and restart VS Code, or enter the key anew.',
      );
    default:
      return describeVaultRefusal(refusal, l10n).message;
  }
}
