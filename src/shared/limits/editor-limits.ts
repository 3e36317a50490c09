import { kib, mib } from './units.ts';

/** Requests of other extensions to the exported API. */
export const apiLimits = {
  depth: 8,
  values: 20_000,
  /** As many as the body of a gateway request has bytes. */
  chars: 4 * mib,
  modelChars: 300,
  addressChars: 2_048,
  keyChars: 16 * kib,
  /** That an error names. */
  problems: 5,
} as const;

/** Messages of the usage panel's page, and its saved state. The largest names four filters. */
export const panelLimits = {
  depth: 4,
  values: 100,
  chars: 8 * kib,
  /** The name of a tenant, a provider, a model or a reason. */
  nameChars: 1_000,
  /** The furthest time from 1970 that a JavaScript date can have. */
  timeMs: 8.64e15,
} as const;

/** What the built-in sandbox gets and repeats. */
export const sandboxLimits = {
  bodyBytes: 16 * mib,
  quoteChars: 200,
} as const;

/** What is shown or read in the editor. */
export const shownLimits = {
  /** Rows of the audit trail in a document. The export has all of them. */
  auditRows: 5_000,
  /** The output of the check in a guarded terminal. It names a hundred variables at most. */
  terminalChars: 100_000,
} as const;
