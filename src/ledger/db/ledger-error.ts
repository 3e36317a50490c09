/** The ledger cannot be used. `message` tells the user why. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}
