import type { Ledger } from '../guard/ledger-port.ts';
import { err } from '../shared/result.ts';
import type { Opened } from './ledger-opening.ts';

/**
 * Takes the place of a ledger that is still being opened, so that activation does not wait for the disk. If the ledger
 * cannot be opened, every call is refused, so no call passes uncounted.
 */
export function deferLedger(opening: Opened<Ledger>): Ledger {
  return {
    admit: async (request) => {
      const ledger = await opening.catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      );
      if (ledger instanceof Error) return err({ kind: 'ledger', problem: ledger.message });
      return ledger.admit(request);
    },
    renew: async (admission) => (await opening).renew(admission),
    apply: async (admission, consequence) => (await opening).apply(admission, consequence),
    settle: async (admission, settlement, record) => (await opening).settle(admission, settlement, record),
    record: async (record) => (await opening).record(record),
  };
}
