import assert from 'node:assert/strict';
import { readCorpus } from '../../corpus/corpus-files.ts';
import { sqliteLedger } from '../../corpus/corpus-ledger.ts';
import { startPlayer, type Player } from '../../corpus/player.ts';

describe('the corpus: audit rows', () => {
  let player: Player;

  before(async () => {
    player = await startPlayer(sqliteLedger);
  });
  after(() => player.close());

  for (const { name, content } of readCorpus()) {
    it(`${name} leaves the audit row that it should`, async () => {
      for (const door of content.doors) assert.deepEqual(await player.play(content, door), [], door);
    });
  }
});
