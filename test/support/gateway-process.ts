/**
 * A window that takes part in the gateway, as a process of its own. Started with a folder, a port and the entries of
 * `callguard.providers`. It tells its parent of each change of its role, and of its memory when it is asked.
 */
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SharedGateway } from '../../src/gateway/shared-gateway.ts';
import { ProcessLock } from '../../src/ledger/db/process-lock.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { createWindowGateway } from './gateway-window.ts';

export type Told =
  | { readonly role: SharedGateway['role'] }
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
const shared = new SharedGateway({
  create: () => create({ port: Number(port) }),
  lock: new ProcessLock(path.join(folder, 'gateway.lock')),
  clock: systemClock,
  onTrouble,
});
shared.onDidChange((role) => {
  tell({ role });
});
tell({ role: shared.role });
process.on('message', (asked: Asked) => {
  if (asked === 'memory') {
    // Once more for what only the first time let go of.
    for (let n = 0; n < 2; n++) collect();
    tell({ memory: process.memoryUsage() });
    return;
  }
  void shared.stop().then(() => {
    store.dispose();
    tell({ stopped: true });
    process.disconnect();
  });
});
// Goes with its parent.
process.once('disconnect', () => process.exit());
