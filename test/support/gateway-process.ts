/**
 * A window that takes part in the gateway, as a process of its own. Started with a folder, a port and the entries of
 * `callguard.providers`. It tells its parent of each change of its role, and of its memory when it is asked.
 */
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GatewayElection } from '../../src/gateway/election/gateway-election.ts';
import type { GatewayRole } from '../../src/gateway/election/gateway-role.ts';
import { ProcessLock } from '../../src/ledger/db/process-lock.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { memoryGatewayRow } from './gateway-row.ts';
import { createWindowGateway } from './gateway-window.ts';

export type Told =
  | { readonly role: GatewayRole['kind'] }
  | { readonly memory: { readonly heapUsed: number; readonly rss: number } }
  | { readonly trouble: string }
  | { readonly stopped: true };

export type Asked = 'memory' | 'stop';

const [folder = '', port = '', entries = '{}'] = process.argv.slice(2);
const tell = (told: Told) => process.send?.(told);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const onTrouble = (error: unknown) => {
  tell({ trouble: error instanceof Error ? (error.stack ?? error.message) : String(error) });
};
const { store, create } = await createWindowGateway(
  folder,
  JSON.parse(entries) as Record<string, unknown>,
  onTrouble,
);
const election = new GatewayElection({
  row: memoryGatewayRow(),
  settings: { current: { gatewayPort: Number(port) }, onDidChange: () => ({ dispose: () => undefined }) },
  load: () =>
    Promise.resolve({
      lock: new ProcessLock(path.join(folder, 'gateway.lock')),
      create: (on) => create({ port: on }),
    }),
  clock: systemClock,
  log: {
    info: () => undefined,
    error: (_message, error) => {
      onTrouble(error);
    },
  },
});
election.onDidChange(({ kind }) => {
  tell({ role: kind });
});
tell({ role: election.role.kind });
process.on('message', (asked: Asked) => {
  if (asked === 'memory') {
    // Once more for what only the first time let go of.
    for (let n = 0; n < 2; n++) collect();
    tell({ memory: process.memoryUsage() });
    return;
  }
  void election.shutDown().then(() => {
    store.dispose();
    tell({ stopped: true });
    process.disconnect();
  });
});
// Goes with its parent.
process.once('disconnect', () => process.exit());
