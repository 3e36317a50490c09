import type { StatusDocument } from '../api.ts';
import { readStatusDocument, statusWithoutLedger } from '../observe/status-document.ts';
import type { CommandContext } from './command.ts';
import { readKeyStates } from './keys/read-key-states.ts';

type Source = Pick<CommandContext, 'ledger' | 'settings' | 'vault' | 'clock'>;

/** The status as other programs read it, also while the ledger cannot be opened. */
export async function currentStatus(source: Source): Promise<StatusDocument> {
  const { ledger, settings, clock } = source;
  const store = await ledger.catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  return store instanceof Error
    ? statusWithoutLedger(settings.current, store.message, clock.nowMs())
    : readStatusDocument(store, settings.current, await readKeyStates(source));
}
