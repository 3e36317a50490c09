import type { Event } from '../shared/emitter.ts';

/** VS Code's SecretStorage, or what stands in for it. Its last writer wins: every change is made under the lock. */
export interface SecretStore {
  /** Undefined for a row that is not there, also when it was there and could not be decrypted. */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  keys(): Promise<readonly string[]>;
  /** The name of a row that changed. Fires for other windows' changes; for own ones never, once or twice. */
  readonly onDidChange: Event<string>;
}

/** That a provider's key exists, without the key. */
export interface ManifestEntry {
  readonly provider: string;
  /** The id of the master key that sealed it. */
  readonly kid: string;
  readonly origin: string;
  /** As `redactSecret` shows it. */
  readonly redactedKey: string;
  readonly setAtMs: number;
}

/**
 * Which keys should exist. It outlives SecretStorage's rows, so a lost key is told from one that was never set.
 * `put` replaces the provider's entry.
 */
export interface Manifest {
  put(entry: ManifestEntry): Promise<void>;
  remove(provider: string): Promise<void>;
  all(): Promise<readonly ManifestEntry[]>;
}

/** One at a time over all windows. Not reentrant; freed when `work` settles or the window dies. */
export interface VaultLock {
  hold<T>(work: () => Promise<T>): Promise<T>;
}

/** What happened to a key. No secrets: the key is named by the id of its master key and its last four characters. */
export type VaultEvent =
  | {
      readonly kind: 'keySet' | 'keyReplaced' | 'keyImported' | 'keyOpened' | 'keyRotated' | 'keyMigrated';
      readonly provider: string;
      readonly kid: string;
      readonly redactedKey: string;
    }
  | {
      /** By the manifest, as the key was not opened for it; absent where that knows nothing of the key. */
      readonly kind: 'keyRemoved';
      readonly provider: string;
      readonly kid?: string;
      readonly redactedKey?: string;
    }
  | {
      readonly kind: 'keyLocked';
      readonly provider: string;
      readonly kid: string;
      readonly redactedKey?: string;
    }
  | {
      readonly kind: 'originConfirmed';
      readonly provider: string;
      readonly kid: string;
      readonly redactedKey: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'masterKeyRotated'; readonly from: string; readonly kid: string };

export interface VaultAudit {
  write(event: VaultEvent): Promise<void>;
}
