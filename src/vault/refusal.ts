import { assertNever } from '../shared/result.ts';
import type { KeyRingProblem } from './key-ring.ts';
import type { RowFault } from './row.ts';

/** Why the vault does not give, or does not take, a key. Never has a key in it. */
export type VaultRefusal =
  | KeyRingProblem
  | RowFault
  /** There is no key to act on. `open` says undefined instead, as some providers need none. */
  | { readonly kind: 'notSet' }
  /** The manifest knows a key that SecretStorage no longer has. */
  | { readonly kind: 'lost' }
  /** The key was approved for another scheme, host or port. */
  | { readonly kind: 'originChanged'; readonly approved: string; readonly wanted: string }
  /** SecretStorage failed, or did not keep what it was given. The message is redacted. */
  | { readonly kind: 'store'; readonly message: string };

/** What the vault has for a provider. */
export type KeyState =
  | { readonly kind: 'set'; readonly kid: string; readonly origin: string; readonly redactedKey: string }
  | VaultRefusal;

/** The one thing a person can do about it. The editor gives each a command. */
export type VaultAction =
  'replaceKey' | 'confirmOrigin' | 'setEnvironmentKey' | 'unlock' | 'restoreRingFile' | 'retry';

/** The short word for a state, the same in tree, status, API and messages. */
export function describeKeyState(state: KeyState): string {
  switch (state.kind) {
    case 'set':
      return 'set';
    case 'notSet':
      return 'not set';
    case 'lost':
      return 'lost';
    case 'locked':
      return 'locked';
    case 'originChanged':
      return 'origin changed';
    case 'broken':
      return 'broken';
    case 'environmentKeyMissing':
    case 'malformedKey':
    case 'ringFile':
      return 'no master key';
    case 'store':
      return 'secret storage failed';
    default:
      return assertNever(state);
  }
}

/** A sentence for a person, and what to do. The only wording of a vault refusal. */
export function describeVaultRefusal(refusal: VaultRefusal): { message: string; action: VaultAction } {
  switch (refusal.kind) {
    case 'notSet':
      return { message: 'No key is set.', action: 'replaceKey' };
    case 'lost':
      return {
        message: 'The key is lost: the system could no longer decrypt it and deleted it. Enter it again.',
        action: 'replaceKey',
      };
    case 'locked':
      return {
        message:
          `The key is locked: it is sealed under master key ${refusal.kid}, which this window does not have. ` +
          'Start VS Code with that LLM_SECRET_KEY (or have it in LLM_PREVIOUS_KEYS), or remove the key and enter it again.',
        action: 'unlock',
      };
    case 'originChanged':
      return {
        message:
          `The key was approved for ${refusal.approved}, but the base URL now points to ${refusal.wanted}. ` +
          'Confirm the new address, or enter the key again.',
        action: 'confirmOrigin',
      };
    case 'broken':
      return { message: `The key cannot be read: ${refusal.why}. Enter it again.`, action: 'replaceKey' };
    case 'environmentKeyMissing':
      return {
        message:
          'This is a production set-up and LLM_SECRET_KEY is not set: no call is made. ' +
          'Set it to 32 bytes in base64 and restart VS Code.',
        action: 'setEnvironmentKey',
      };
    case 'malformedKey':
      return {
        message:
          `${refusal.variable}${refusal.variable === 'LLM_PREVIOUS_KEYS' ? `, key ${refusal.position},` : ''} ` +
          'is not a master key: 32 bytes in base64 are expected (44 characters, standard or URL-safe alphabet). ' +
          'Correct it and restart VS Code.',
        action: 'setEnvironmentKey',
      };
    case 'ringFile':
      return {
        message:
          `The key ring file ${refusal.path} cannot be used (${refusal.problem}). ` +
          'Restore it from a backup; without it, move it away and enter the keys again.',
        action: 'restoreRingFile',
      };
    case 'store':
      return { message: `VS Code's secret storage failed: ${refusal.message}`, action: 'retry' };
    default:
      return assertNever(refusal);
  }
}
