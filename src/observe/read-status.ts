import type { StatusDocument } from '../api.ts';
import { readStatusDocument, statusWithoutLedger, type StatusSettings } from './status-document.ts';
import type { Opened } from '../ledger/ledger-opening.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { maskStrings } from '../redaction/mask-strings.ts';
import type { Clock } from '../shared/clock.ts';
import { readKeyStates, type KeyStatePorts } from './read-key-states.ts';

export interface StatusPorts extends KeyStatePorts {
  readonly settings: { readonly current: StatusSettings };
  /** Rejects where the ledger cannot be opened. */
  readonly ledger: Opened<LedgerStore>;
  readonly clock: Clock;
}

/** The status as other programs read it, even if the ledger cannot be opened. */
export async function currentStatus(ports: StatusPorts): Promise<StatusDocument> {
  const { ledger, settings, clock } = ports;
  const store = await ledger.catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  return maskStrings(
    store instanceof Error
      ? statusWithoutLedger(settings.current, store.message, clock.nowMs())
      : readStatusDocument(store, settings.current, await readKeyStates(ports)),
  );
}
