/** The ledger could not be written; `message` says why, in words for a person. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}
