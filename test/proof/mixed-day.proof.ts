import assert from 'node:assert/strict';
import { readCorpus, type CorpusFile } from '../corpus/corpus-files.ts';
import { sqliteLedger, type SqliteCorpusLedger } from '../corpus/corpus-ledger.ts';
import { startPlayer, type Player } from '../corpus/player.ts';
import { JumpClock } from '../support/jump-clock.ts';

const provider = 'corpus';
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Calls of other clients, which nothing is wrong with. */
const healthy = readCorpus(['ordinary/openai-chat/text', 'ordinary/openai-chat/tools'])[0]?.content;

describe("a day's mixed load through one provider", () => {
  const clock = new JumpClock();
  let ledger: SqliteCorpusLedger;
  let player: Player;

  before(async () => {
    ledger = await sqliteLedger(clock);
    player = await startPlayer(() => {
      ledger.nextCase();
      return Promise.resolve({ ...ledger, dispose: () => undefined });
    }, clock);
  });
  after(async () => {
    await player.close();
    ledger.dispose();
  });

  const circuit = () => ledger.store.providers.get(provider).circuit;
  const isSound = () => {
    const now = circuit();
    return now.kind === 'closed' && now.failures === 0;
  };
  const askHealthy = async (): Promise<string[]> => {
    assert.ok(healthy);
    return await player.play(healthy, 'gateway');
  };
  /** What the table in the map says about the calls that follow. */
  const closesFor = ({ content }: CorpusFile) => content.expect.call?.consequence ?? undefined;

  it('harms no call of another client, but for pauses and used-up credit', async () => {
    const counts = { cases: 0, calls: 0, healthy: 0, heldBack: 0 };
    for (const file of readCorpus()) {
      counts.cases += 1;
      // Its cap is for what the case alone uses.
      if ('limits' in file.content.provider) await clock.jump(dayMs);
      for (const door of file.content.doors) {
        counts.calls += 1;
        assert.deepEqual(await player.play(file.content, door), [], `${file.name} at the ${door}`);
        const isHeldBack = (await askHealthy()).length > 0;
        if (isHeldBack) {
          counts.heldBack += 1;
          assert.match(String(closesFor(file)), /^(?:rateLimitPause|outOfCredit)$/, file.name);
          await clock.jump(dayMs);
          await ledger.store.override(provider, 'reset');
          assert.deepEqual(await askHealthy(), [], `after ${file.name}`);
        }
        counts.healthy += 1;
        assert.ok(isSound(), file.name);
        await clock.jump(minuteMs);
      }
    }
    console.log(
      `      ${counts.cases} cases, ${counts.calls} calls, ${counts.healthy} healthy calls between them, ${counts.heldBack} of them held back at first; the circuit is ${circuit().kind}`,
    );
  });

  it('opens the circuit after five failures in a row, for one probe after its cooldown', async () => {
    const failing = readCorpus(['failures/'])
      .filter(({ content }) => content.expect.call?.breaker === 'failure')
      .filter(({ content }) => content.doors.includes('gateway'));
    for (const [index, { name, content }] of failing.slice(0, 5).entries()) {
      assert.deepEqual(await player.play(content, 'gateway'), [], name);
      assert.equal(circuit().kind, index < 4 ? 'closed' : 'open', name);
    }
    assert.ok((await askHealthy()).length > 0, 'a call went through an open circuit');
    await clock.jump(2 * minuteMs);
    assert.deepEqual(await askHealthy(), []);
    assert.equal(circuit().kind, 'closed');
  });

  it('keeps the circuit closed for all answers that say nothing about the provider', async () => {
    const neutral = readCorpus().filter(
      ({ content }) =>
        content.expect.call?.breaker === 'answered' &&
        (content.expect.call.consequence ?? null) === null &&
        content.doors.includes('gateway'),
    );
    for (const { name, content } of neutral) {
      assert.deepEqual(await player.play(content, 'gateway'), [], name);
      assert.ok(isSound(), name);
    }
    console.log(`      ${neutral.length} neutral answers in a row; the circuit is ${circuit().kind}`);
  });
});
