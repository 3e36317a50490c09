import { english, type L10n } from '../shared/l10n.ts';
import { assertNever } from '../shared/result.ts';
import type { KeyRingProblem } from './key-ring.ts';
import type { RowFault } from './row.ts';

/** Why the vault does not return or store a key. Never contains a key. */
export type VaultRefusal =
  | KeyRingProblem
  | RowFault
  /** There is no key. `open` returns undefined instead, because some providers need none. */
  | { readonly kind: 'notSet' }
  /** The manifest lists a key that SecretStorage no longer has. */
  | { readonly kind: 'lost' }
  /** The key was approved for another scheme, host or port. */
  | { readonly kind: 'originChanged'; readonly approved: string; readonly wanted: string }
  /** SecretStorage failed or did not keep the row. The message is redacted. */
  | { readonly kind: 'store'; readonly message: string };

/** The state of a provider's key in the vault. */
export type KeyState =
  | { readonly kind: 'set'; readonly kid: string; readonly origin: string; readonly redactedKey: string }
  | VaultRefusal;

/** What the user can do about it. The editor has a command for each. */
export type VaultAction =
  'replaceKey' | 'confirmOrigin' | 'setEnvironmentKey' | 'unlock' | 'restoreRingFile' | 'retry';

/** The short word for a state: the same in tree, status, API and messages, except for the language. */
export function describeKeyState(state: KeyState, l10n: L10n = english): string {
  switch (state.kind) {
    case 'set':
      return l10n.t('set');
    case 'notSet':
      return l10n.t('not set');
    case 'lost':
      return l10n.t('lost');
    case 'locked':
      return l10n.t('locked');
    case 'originChanged':
      return l10n.t('origin changed');
    case 'broken':
      return l10n.t('broken');
    case 'environmentKeyMissing':
    case 'malformedKey':
    case 'ringFile':
      return l10n.t('no master key');
    case 'store':
      return l10n.t('secret storage failed');
    default:
      return assertNever(state);
  }
}

/** A sentence for the user, and what to do. The only place with the text of a vault refusal. */
export function describeVaultRefusal(
  refusal: VaultRefusal,
  l10n: L10n = english,
): { message: string; action: VaultAction } {
  switch (refusal.kind) {
    case 'notSet':
      return { message: l10n.t('No key is set.'), action: 'replaceKey' };
    case 'lost':
      return {
        message: l10n.t(
          'The key is lost: the system could no longer decrypt it and deleted it. Enter it again.',
        ),
        action: 'replaceKey',
      };
    case 'locked':
      return {
        message: l10n.t(
          'The key is locked: it is sealed under master key {0}, which this window does not have. Start VS Code with that master key in LLM_SECRET_KEY or LLM_PREVIOUS_KEYS, or remove the key and enter it again.',
          refusal.kid,
        ),
        action: 'unlock',
      };
    case 'originChanged':
      return {
        message: l10n.t(
          'The key was approved for {0}, but the base URL now points to {1}. Confirm the new address, or enter the key again.',
          refusal.approved,
          refusal.wanted,
        ),
        action: 'confirmOrigin',
      };
    case 'broken':
      return {
        message: l10n.t('The key cannot be read: {0}. Enter it again.', refusal.why(l10n)),
        action: 'replaceKey',
      };
    case 'environmentKeyMissing':
      return {
        message: l10n.t(
          'LLM_SECRET_KEY is required but not set, so every call is refused. Set it to 32 bytes in base64 and restart VS Code.',
        ),
        action: 'setEnvironmentKey',
      };
    case 'malformedKey':
      return {
        message: l10n.t(
          '{0} is not a valid master key. It must be 32 bytes in base64 (44 characters, standard or URL-safe alphabet). Correct it and restart VS Code.',
          refusal.variable === 'LLM_PREVIOUS_KEYS'
            ? l10n.t('{0} (key {1})', refusal.variable, refusal.position)
            : refusal.variable,
        ),
        action: 'setEnvironmentKey',
      };
    case 'ringFile':
      return {
        message: l10n.t(
          'The key ring file {0} cannot be used ({1}). Restore it from a backup. If you have no backup, move the file away and enter the keys again.',
          refusal.path,
          refusal.problem,
        ),
        action: 'restoreRingFile',
      };
    case 'store':
      return { message: l10n.t("VS Code's secret storage failed: {0}", refusal.message), action: 'retry' };
    default:
      return assertNever(refusal);
  }
}
