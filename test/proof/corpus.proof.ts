import assert from 'node:assert/strict';
import { bodyOf } from '../corpus/answer-bytes.ts';
import { readCorpus } from '../corpus/corpus-files.ts';
import { startPlayer, type Player } from '../corpus/player.ts';

/** Larger answers are cut at random positions. */
const smallBytes = 4_096;
const randomCuts = 200;
/** A case with pauses between attempts takes a tenth of a second, some thousand times. */
const longestMs = 3_600_000;
const lineBreaks = ['\n', '\r', '\r\n'] as const;

describe('the corpus, cut at every byte', () => {
  let player: Player;

  before(async () => {
    player = await startPlayer();
  });
  after(() => player.close());

  for (const { name, content } of readCorpus()) {
    it(`${name} is the same wherever its answer is cut in two, with each line break`, async () => {
      const size = Math.max(...content.answers.map((answer) => bodyOf(answer).length));
      const cuts =
        size < smallBytes
          ? Array.from({ length: size }, (_, at) => at + 1)
          : Array.from({ length: randomCuts }, () => 1 + Math.floor(Math.random() * size));
      for (const door of content.doors) {
        for (const lineBreak of lineBreaks) {
          for (const cut of cuts) {
            assert.deepEqual(await player.play(content, door, { lineBreak, cut }), [], `cut at ${cut}`);
          }
        }
      }
    }).timeout(longestMs);
  }
});
