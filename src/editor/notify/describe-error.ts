import { LedgerError } from '../../ledger/db/ledger-error.ts';
import { messageText } from '../../shared/escape.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { Log } from '../../shared/log.ts';

/** The message of something thrown, as it may be shown to the user. */
export function describeError(error: unknown, { clean }: Pick<Log, 'clean'>): Wording {
  const message = messageText(clean(error instanceof Error ? error.message : String(error)));
  return (l10n) =>
    error instanceof LedgerError ? l10n.t('The ledger cannot be used: {0}', message) : message;
}
