import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { Random } from '../shared/random.ts';
import type { KeyRing } from '../vault/key-ring.ts';
import { currentAuditKey } from './audit/audit-key.ts';
import type { WitnessStore } from './audit/audit-witness.ts';
import { systemZone } from './days.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import type { StartedLedger } from './start-ledger.ts';

export interface OpeningPorts {
  readonly file: string;
  readonly anchorFile: string;
  readonly ring: KeyRing;
  readonly secrets: WitnessStore;
  readonly settings: {
    readonly current: { readonly timeZone: string | undefined; readonly ledger: LedgerSettings };
  };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Loads and opens the ledger in a later turn, and logs what it finds. Rejects if the ledger cannot be used. */
export async function openInBackground(ports: OpeningPorts): Promise<StartedLedger> {
  const { settings, log, ...others } = ports;
  try {
    // VS Code counts everything that loads before this turn as part of the activation.
    await setImmediate();
    const { startLedger } = await import('./start-ledger.ts');
    const auditKey = await currentAuditKey(ports.ring);
    const started = await startLedger({
      ...others,
      timeZone: settings.current.timeZone ?? systemZone() ?? utcInstead(log),
      settings: settings.current.ledger,
      auditKey: () => auditKey,
      onTrouble: (error) => {
        log.error('Ledger maintenance failed.', error);
      },
    });
    if (started.setAside !== undefined) {
      log.error(`The ledger was damaged and was moved to ${started.setAside}. A new ledger starts at zero.`);
    }
    return started;
  } catch (error) {
    log.error('The ledger cannot be used, so every call is refused.', error);
    throw error;
  }
}

function utcInstead(log: Log): string {
  log.warn(
    'This machine has no valid time zone, so caps count the days of UTC. Set callguard.timeZone to choose another one.',
  );
  return 'UTC';
}
