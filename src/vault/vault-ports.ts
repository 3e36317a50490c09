import type { Event } from '../shared/emitter.ts';

/** VS Code's SecretStorage, or a substitute. The last writer wins, so every change is made under the lock. */
export interface SecretStore {
  /** Undefined for a row that does not exist, and for one that cannot be decrypted. */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Undefined if the editor cannot list the rows. */
  keys(): Promise<readonly string[] | undefined>;
  /** Fires with the name of a changed row. Fires for changes of other windows; for own changes never, once or twice. */
  readonly onDidChange: Event<string>;
}

/** The fact that a provider has a key, without the key. */
export interface ManifestEntry {
  readonly provider: string;
  /** The id of the master key that sealed it. */
  readonly kid: string;
  readonly origin: string;
  /** The key as `redactSecret` shows it. */
  readonly redactedKey: string;
  readonly setAtMs: number;
  /** The generation of the row's token; see `generationOf`. Entries of an earlier version have none. */
  readonly generation?: string | undefined;
  /** A MAC of the key and its address under the master key. Reveals neither. Entries of an earlier version have none. */
  readonly keyMac?: string | undefined;
  /** A MAC of all other members, under the same. */
  readonly entryMac?: string | undefined;
}

/**
 * The keys that should exist. The manifest survives when SecretStorage loses a row, so a lost key can be distinguished
 * from one that was never set. `put` replaces the provider's entry.
 */
export interface Manifest {
  put(entry: ManifestEntry): Promise<void>;
  remove(provider: string): Promise<void>;
  all(): Promise<readonly ManifestEntry[]>;
}

/** A lock over all windows. Not reentrant. Released when `work` settles or the window dies. */
export interface VaultLock {
  hold<T>(work: () => Promise<T>): Promise<T>;
}

/** What happened to a key. Names the key by the id of its master key and its last four characters only. */
export type VaultEvent =
  | {
      readonly kind: 'keySet' | 'keyReplaced' | 'keyImported' | 'keyOpened' | 'keyRotated' | 'keyMigrated';
      readonly provider: string;
      readonly kid: string;
      readonly redactedKey: string;
    }
  | {
      /** From the manifest, because the key was not opened; absent if the manifest does not know the key. */
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
      /** SecretStorage has an older row than it had. `stored`: its origin; `approved`: the manifest's. */
      readonly kind: 'keyRolledBack';
      readonly provider: string;
      readonly kid: string;
      readonly redactedKey: string;
      readonly stored: string;
      readonly approved: string;
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
