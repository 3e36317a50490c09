/** One process that takes a lock when it can, as a window does, and says so. Started with the lock's file. */
import { ProcessLock } from '../../../src/ledger/db/process-lock.ts';
import { sleep, systemClock } from '../../../src/shared/clock.ts';

const [file = ''] = process.argv.slice(2);
const lock = new ProcessLock(file);
// Goes with its parent, if it is not killed before. Its database would be closed if nothing referred to the lock.
process.once('disconnect', () => {
  lock.free();
  process.exit();
});
process.send?.('tries');
while (!(await lock.take())) await sleep(systemClock, 5);
process.send?.('has it');
