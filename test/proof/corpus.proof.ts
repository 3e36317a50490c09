import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { readCorpus } from '../corpus/corpus-files.ts';
import type { PlayedCuts } from '../corpus/play-cuts.ts';

const program = path.join(import.meta.dirname, '../corpus/play-cuts.ts');
const longestMs = 3 * 3_600_000;
const reportEvery = 25;

/** A play waits for its sockets for about half of its time. */
const processes = 2 * availableParallelism();

/** Most of what a play makes is garbage at once. */
const execArgv = ['--max-semi-space-size=64'];

/** Plays the cases in several processes. */
async function playAll(names: readonly string[]): Promise<PlayedCuts[]> {
  const played: PlayedCuts[] = [];
  const waiting = [...names];
  const work = async () => {
    const child = fork(program, { execArgv });
    const exit = once(child, 'exit');
    try {
      await messageOf(child);
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        child.send(name);
        played.push((await messageOf(child)) as PlayedCuts);
        if (played.length % reportEvery === 0) console.log(`    ${played.length} of ${names.length} cases`);
      }
    } finally {
      if (child.connected) child.disconnect();
      await exit;
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  return played;
}

async function messageOf(child: ReturnType<typeof fork>): Promise<unknown> {
  const died = new AbortController();
  const ended = () => {
    died.abort(new Error('a process of the proof ended'));
  };
  child.once('exit', ended);
  try {
    const [message] = (await once(child, 'message', { signal: died.signal })) as [unknown];
    return message;
  } finally {
    child.off('exit', ended);
  }
}

describe('the corpus, cut at every byte', () => {
  it('is the same wherever an answer is cut in two, with each line break', async () => {
    // The largest first, so that no process works alone at the end.
    const files = readCorpus().sort((one, other) => other.bytes - one.bytes);
    const played = await playAll(files.map(({ name }) => name));
    const wrong = played.filter(({ found }) => found.length > 0);
    const plays = played.reduce((sum, each) => sum + each.plays, 0);
    const readings = played.reduce((sum, each) => sum + each.readings, 0);
    console.log(`    ${plays} plays through guard and gateway, ${readings} by the reader of answers alone`);
    console.log(`    ${played.length} cases, ${played.length - wrong.length} as expected`);
    assert.deepEqual(
      wrong.map(({ name, found }) => `${name}: ${found.join('\n')}`),
      [],
    );
    assert.equal(played.length, files.length);
  }).timeout(longestMs);
});
