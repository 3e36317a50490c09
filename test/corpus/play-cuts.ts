/** A process that plays cases with every cut of their answers. It gets the names of the cases one by one. */
import process from 'node:process';
import { readCorpus } from './corpus-files.ts';
import { cutsReadOtherwise, cutsToPlay, describeCut } from './cuts.ts';
import { startPlayer } from './player.ts';

export interface PlayedCuts {
  readonly name: string;
  /** Through guard and gateway. */
  readonly plays: number;
  /** By the reader of answers alone. */
  readonly readings: number;
  /** What is not as the case expects it. */
  readonly found: readonly string[];
}

/** A case that fails does so at nearly every cut. */
const mostFound = 10;

const cases = new Map(readCorpus().map(({ name, content }) => [name, content]));
const player = await startPlayer();

process.on('message', (name: string) => {
  void playCuts(name).then((played) => process.send?.(played));
});
process.once('disconnect', () => {
  void player.close();
});
process.send?.('ready');

async function playCuts(name: string): Promise<PlayedCuts> {
  const content = cases.get(name);
  if (content === undefined) return { name, plays: 0, readings: 0, found: ['the case does not exist'] };
  const { readings, found } = cutsReadOtherwise(content);
  let plays = 0;
  for (const variant of cutsToPlay(content)) {
    for (const door of content.doors) {
      if (found.length >= mostFound) break;
      plays += 1;
      const lines = await player.play(content, door, variant).catch((error: unknown) => [String(error)]);
      found.push(...lines.map((line) => `${describeCut(door, variant)}: ${line}`));
    }
  }
  return { name, plays, readings, found: found.slice(0, mostFound) };
}
