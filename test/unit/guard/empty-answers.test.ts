import assert from 'node:assert/strict';
import { describeShown } from '../../../src/guard/describe-result.ts';
import {
  answer,
  callOf,
  complete,
  guardWith,
  hear,
  lifecycle,
  type Script,
} from '../../support/guard-fixture.ts';

const route = callOf({
  targets: [
    { provider: 'acme', model: 'small' },
    { provider: 'acme', model: 'large' },
  ],
  route: 'best',
});

type Finish = 'stop' | 'length' | 'content-filter';

/** Ends completely, with reasoning or with nothing. */
function without(reasoning: string, unified: Finish = 'stop'): Script {
  return async function* ({ progress }) {
    await Promise.resolve();
    progress('connected');
    progress('headers');
    yield lifecycle;
    if (reasoning !== '')
      yield { part: { type: 'reasoning-delta', id: '1', delta: reasoning }, content: true };
    const usage = { inputTokens: { total: 1 }, outputTokens: { total: 0 } };
    yield {
      part: { type: 'finish', finishReason: { unified, raw: unified }, usage } as never,
      content: false,
    };
    return complete;
  };
}

describe('Guard.run with an answer without text', () => {
  it('goes on to the next target of a route if nothing at all went out, and shows nothing of the first', async () => {
    const { guard, ledger } = guardWith([without(''), answer('Hello')]);
    const heard = await hear(guard.run(route));
    assert.deepEqual([heard.result.kind, heard.text, heard.parts.length], ['done', 'Hello', 1]);
    assert.equal(ledger.settlements[0]?.breakerVerdict, 'answered');
    assert.equal(ledger.records.length, 1);
  });

  it('does not go on after reasoning, nor after a content filter', async () => {
    for (const script of [without('Let me see.'), without('', 'content-filter')]) {
      const { guard, sender } = guardWith([script, answer('Hello')]);
      const { result } = await hear(guard.run(route));
      assert.deepEqual([result.kind, sender.attempts.length], ['done', 1]);
    }
  });

  for (const [reasoning, finish, words] of [
    ['', 'stop', 'The model returned nothing.'],
    ['Let me see.', 'length', 'The model used its whole output limit for reasoning.'],
    ['Let me see.', 'stop', 'The model returned reasoning, but no answer.'],
    ['', 'content-filter', "The provider's content filter ended the answer."],
  ] as const) {
    it(`says '${words}'`, async () => {
      const { guard } = guardWith([without(reasoning, finish)]);
      const { result } = await hear(guard.run(callOf()));
      const l10n = { t: (text: string) => text };
      assert.equal(describeShown(result)?.(l10n as never), words);
    });
  }
});
