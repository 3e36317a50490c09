import assert from 'node:assert/strict';
import { bodyOf, type Variant } from '../../corpus/answer-bytes.ts';
import type { CorpusCase } from '../../corpus/case-format.ts';
import { readCorpus } from '../../corpus/corpus-files.ts';
import { startPlayer, type Player } from '../../corpus/player.ts';

const lineBreaks = ['\n', '\r', '\r\n'] as const;
/** Answers of more bytes are cut less finely. */
const smallBytes = 4_096;

describe('the corpus', () => {
  let player: Player;

  before(async () => {
    player = await startPlayer();
  });
  after(() => player.close());

  for (const { name, content } of readCorpus()) {
    for (const door of content.doors) {
      it(`${name} is as expected at the ${door}`, async () => {
        assert.deepEqual(await player.play(content, door), []);
      });
    }
    it(`${name} is the same in single bytes and with other line breaks`, async () => {
      const [door = 'prompt'] = content.doors;
      for (const variant of variantsOf(content)) {
        assert.deepEqual(await player.play(content, door, variant), [], JSON.stringify(variant));
      }
    });
  }
});

function variantsOf({ answers }: CorpusCase): Variant[] {
  const size = Math.max(...answers.map((answer) => bodyOf(answer).length));
  return lineBreaks.map((lineBreak) => ({
    lineBreak,
    cut: size < smallBytes ? 'bytes' : Math.floor(size / 2),
  }));
}
