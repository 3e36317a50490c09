// Opens a ledger in the folder that is named, in the machine's zone, and prints the zone, the log, and an admission.
import path from 'node:path';
import process from 'node:process';
import { createMemorySecrets } from '../../../src/headless/memory-secrets.ts';
import { deferLedger } from '../../../src/ledger/deferred-ledger.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { LedgerOpening } from '../../../src/ledger/ledger-opening.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { systemRandom } from '../../../src/shared/random.ts';
import { KeyRing } from '../../../src/vault/key-ring.ts';
import { request } from './ledger-requests.ts';

const [home = ''] = process.argv.slice(2);
const logged: string[] = [];
const log = (text: string) => {
  logged.push(text);
};
const opening = new LedgerOpening({
  file: path.join(home, 'callguard.db'),
  anchorFile: path.join(home, 'audit-anchor.json'),
  ring: new KeyRing({ file: path.join(home, 'ring.json'), env: {}, requireEnvironmentKey: () => false }),
  secrets: createMemorySecrets(),
  settings: { current: { timeZone: undefined, ledger: defaultLedgerSettings } },
  clock: systemClock,
  random: systemRandom,
  log: { info: log, warn: log, error: log, clean: (text) => text },
});
const admitted = await deferLedger(opening.map(({ ledger }) => ledger)).admit(request());
const started = await opening.opened;
console.log(JSON.stringify({ zone: started.store.days.zone, admitted: admitted.ok, logged }));
started.dispose();
