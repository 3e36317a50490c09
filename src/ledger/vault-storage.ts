import { randomUUID } from 'node:crypto';
import { sleep, type Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import { manifestEntrySchema } from '../vault/manifest-copy.ts';
import type { Manifest, VaultAudit, VaultLock } from '../vault/vault-ports.ts';
import { parseRow } from './tables/stored-row.ts';
import type { Opened } from './ledger-opening.ts';
import type { LedgerStore } from './ledger-store.ts';

/** The vault's manifest as a table of the ledger. */
export function ledgerManifest(opening: Opened<LedgerStore>): Manifest {
  return {
    put: async (entry) => {
      await (await opening).listKey(entry);
    },
    remove: async (provider) => {
      await (await opening).unlistKey(provider);
    },
    all: async () =>
      (await opening).listedKeys().map((entry) => parseRow(manifestEntrySchema, entry, 'manifest')),
  };
}

/** The vault's audit as rows of the audit trail. */
export function ledgerVaultAudit(opening: Opened<LedgerStore>): VaultAudit {
  return {
    write: async (event) => {
      await (await opening).recordKeyEvent(event);
    },
  };
}

const leaseName = 'vault';
const leaseMs = 10_000;
const renewEveryMs = 3_000;
const pauseMs = 25;

/** Allows one change of the vault at a time, over all windows. */
export function ledgerVaultLock(opening: Opened<LedgerStore>, clock: Clock, random: Random): VaultLock {
  return {
    hold: async (work) => {
      const store = await opening;
      const owner = randomUUID();
      const take = () => store.takeLease(leaseName, owner, leaseMs);
      while (!(await take())) await sleep(clock, pauseMs * (0.5 + random.next()));
      const done = new AbortController();
      const renewal = (async () => {
        for (;;) {
          await sleep(clock, renewEveryMs, done.signal);
          if (done.signal.aborted) return;
          // If the ledger cannot be written now, the next renewal still comes in time.
          await take().catch(() => false);
        }
      })();
      try {
        return await work();
      } finally {
        done.abort();
        await renewal;
        await store.freeLease(leaseName, owner);
      }
    },
  };
}
