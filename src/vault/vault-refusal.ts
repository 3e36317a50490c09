import { english, type L10n } from '../shared/l10n.ts';
import { assertNever } from '../shared/result.ts';
import type { KeyRingProblem } from './key-ring.ts';
import type { RowFault } from './row.ts';
import type { StoreRefusal } from './secret-storage-deadline.ts';

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
  /** The row is an older one than the manifest's. `stored`: its origin; `approved`: the manifest's. */
  | {
      readonly kind: 'rolledBack';
      readonly kid: string;
      readonly redactedKey: string;
      readonly stored: string;
      readonly approved: string;
    }
  /** SecretStorage failed or did not keep the row, or it does not answer. */
  | StoreRefusal;

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
    case 'weakKey':
    case 'ringFile':
    case 'exposedRing':
      return l10n.t('no master key');
    case 'rolledBack':
      return l10n.t('outdated');
    case 'store':
      return l10n.t('secret storage failed');
    case 'storeSilent':
      return l10n.t('secret storage does not answer');
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
          variableOf(refusal, l10n),
        ),
        action: 'setEnvironmentKey',
      };
    case 'weakKey':
      return {
        message: l10n.t(
          '{0} is not a random key: its bytes follow a pattern, so it can be guessed. Make a new one with "openssl rand -base64 32", restart VS Code with it, and enter the provider keys again that were sealed with the old one.',
          variableOf(refusal, l10n),
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
    case 'exposedRing':
      return { message: exposureText(refusal, l10n), action: 'restoreRingFile' };
    case 'rolledBack':
      return {
        message: l10n.t(
          "The stored key is older than the one that was stored last, as if VS Code's secret storage was restored from a copy. Enter the key again.",
        ),
        action: 'replaceKey',
      };
    case 'store':
      return { message: l10n.t("VS Code's secret storage failed: {0}", refusal.message), action: 'retry' };
    case 'storeSilent':
      return {
        message: l10n.t(
          "VS Code's secret storage does not answer. Your keyring may be waiting for its password in a dialog behind other windows. Unlock it, then try again.",
        ),
        action: 'retry',
      };
    default:
      return assertNever(refusal);
  }
}

function variableOf({ variable, position }: { variable: string; position: number }, l10n: L10n): string {
  return variable === 'LLM_PREVIOUS_KEYS' ? l10n.t('{0} (key {1})', variable, position) : variable;
}

function exposureText(
  { path, exposure, command }: Extract<KeyRingProblem, { kind: 'exposedRing' }>,
  l10n: L10n,
): string {
  switch (exposure) {
    case 'writable':
      return l10n.t(
        'Other users of this machine can change the key ring, so its master keys are not used. Check it, run {0}, then try again.',
        command,
      );
    case 'owner':
      return l10n.t(
        'The key ring belongs to another user, so its master keys are not used. Check it, run {0}, then try again.',
        command,
      );
    case 'kind':
      return l10n.t(
        '{0} is not a file, so there are no master keys in it. Run {1}, then try again.',
        path,
        command,
      );
    default:
      return assertNever(exposure);
  }
}
