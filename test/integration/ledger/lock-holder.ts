/** A process that takes a lock when it can, as a window does, and reports it. Its argument is the file of the lock. */
import { ProcessLock } from '../../../src/ledger/db/process-lock.ts';
import { sleep, systemClock } from '../../../src/shared/clock.ts';

const [file = ''] = process.argv.slice(2);
const lock = new ProcessLock(file);
// It exits with its parent. Without a reference to the lock, its database would be closed.
process.once('disconnect', () => {
  lock.free();
  process.exit();
});
process.send?.('tries');
while (!(await lock.take())) await sleep(systemClock, 5);
process.send?.('has it');
