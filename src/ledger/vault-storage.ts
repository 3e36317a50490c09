import { randomUUID } from 'node:crypto';
import { sleep, type Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import { manifestEntrySchema } from '../vault/manifest-copy.ts';
import type { Manifest, VaultAudit, VaultEvent, VaultLock } from '../vault/vault-ports.ts';
import { parseRow } from './tables/stored-row.ts';
import type { LedgerStore } from './ledger-store.ts';

/** The vault's manifest as a table of the ledger. */
export function ledgerManifest(opening: Promise<LedgerStore>): Manifest {
  return {
    put: async (entry) => {
      const store = await opening;
      await store.write(() => {
        store.manifest.put(entry.provider, JSON.stringify(entry));
      });
    },
    remove: async (provider) => {
      const store = await opening;
      await store.write(() => {
        store.manifest.remove(provider);
      });
    },
    all: async () => {
      const store = await opening;
      return store.manifest
        .all()
        .map(({ entry }) => parseRow(manifestEntrySchema, JSON.parse(entry), 'manifest'));
    },
  };
}

/** After these the provider has another key, and what was remembered of the one before does not hold for it. */
const newKey = new Set<VaultEvent['kind']>(['keySet', 'keyReplaced', 'keyImported', 'keyMigrated']);

/** What happens to keys, in the audit trail. */
export function ledgerVaultAudit(opening: Promise<LedgerStore>): VaultAudit {
  return {
    write: async (event) => {
      const store = await opening;
      await store.write(({ nowMs }) => {
        store.audit.append(nowMs, 'key', event);
        if (!('provider' in event) || !newKey.has(event.kind)) return;
        store.providers.endRateLimitPauses(event.provider);
        const state = store.providers.get(event.provider);
        if (state.outOfCredit === undefined && state.keyRejected === undefined) return;
        store.providers.put(event.provider, { ...state, outOfCredit: undefined, keyRejected: undefined });
      });
    },
  };
}

const lockName = 'vault';
const leaseMs = 10_000;
const renewEveryMs = 3_000;
const pauseMs = 25;

/** One change of the vault at a time, over all windows. */
export function ledgerVaultLock(opening: Promise<LedgerStore>, clock: Clock, random: Random): VaultLock {
  return {
    hold: async (work) => {
      const store = await opening;
      const owner = randomUUID();
      const take = () =>
        store.write(({ nowMs }) => store.locks.take(lockName, owner, nowMs + leaseMs, nowMs));
      while (!(await take())) await sleep(clock, pauseMs * (0.5 + random.next()));
      const done = new AbortController();
      const renewal = (async () => {
        for (;;) {
          await sleep(clock, renewEveryMs, done.signal);
          if (done.signal.aborted) return;
          // A beat that the ledger could not keep is made up for by the next one, within the same lease.
          await take().catch(() => false);
        }
      })();
      try {
        return await work();
      } finally {
        done.abort();
        await renewal;
        await store.write(() => {
          store.locks.free(lockName, owner);
        });
      }
    },
  };
}
