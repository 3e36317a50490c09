// A window that is killed: `crash-child.ts <folder> <rotate|migrate> <n>` is killed at its n-th write.
import fs from 'node:fs/promises';
import process from 'node:process';
import { openFileWorld, origin } from './file-world.ts';

const [folder = '', work, at] = process.argv.slice(2);
const dieAt = Number(at);
const { vault } = await openFileWorld(folder);

let writes = 0;
function countWrite(): void {
  writes += 1;
  if (writes === dieAt) process.kill(process.pid, 'SIGKILL');
}

function dying<A extends unknown[], R>(operation: (...given: A) => R): (...given: A) => R {
  return (...given) => {
    countWrite();
    return operation(...given);
  };
}

// `open` counts too, although the ring's folder is only opened for reading. This adds one crash point.
Object.assign(fs, {
  appendFile: dying(fs.appendFile),
  link: dying(fs.link),
  mkdir: dying(fs.mkdir),
  open: dying(fs.open),
  rename: dying(fs.rename),
  rm: dying(fs.rm),
  writeFile: dying(fs.writeFile),
});

const done =
  work === 'rotate'
    ? await vault.rotate()
    : await vault.migrate({
        bindingOf: () => ({ origin, from: 'catalogue' }),
        confirmOrigin: () => Promise.resolve(false),
      });
process.exitCode = done.ok && done.value.kept.length === 0 ? 0 : 1;
