import { mib } from './units.ts';

export const vaultLimits = {
  /** A ring file has a few hundred bytes, and some hundred more for each retired master key. */
  ringFileBytes: mib,
  /** How long VS Code's secret storage may take for one answer. A dialog of the keyring may wait for its password. */
  storeMs: 5_000,
  /** How long the first prompt waits for the ring file. */
  ringMs: 5_000,
  /** How long secret storage may take while it does not answer something else. */
  silentStoreMs: 1_000,
  /** Then a read that was not answered is asked for again. */
  askAgainMs: 30_000,
  /** How long another window's change of a row may take to get here. */
  staleRowMs: 2_000,
  /** So many earlier values of each key stay known to the redaction. */
  earlierValues: 8,
} as const;

export const auditLimits = {
  /** How often the end of the audit trail goes into the secret storage, which may write a file for it. */
  witnessEveryMs: 60_000,
  /** How long a secret storage may take that may wait for its user. */
  witnessMs: 5_000,
  /** VS Code gives a window 5 s to close, of which calls in progress may need 4 s. */
  witnessAtShutdownMs: 900,
} as const;

/** The sessions of tools whose use the ledger keeps, and for how many days after their last call. */
export const sessionUseLimits = { sessions: 10_000, days: 30 } as const;
