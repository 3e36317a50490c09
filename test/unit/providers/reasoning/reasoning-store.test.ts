import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { KeptReasoning } from '../../../../src/providers/reasoning/kept-reasoning.ts';
import {
  ReasoningStore,
  type ReasoningOwner,
  type ToolUse,
} from '../../../../src/providers/reasoning/reasoning-store.ts';
import { reasoningLimits } from '../../../../src/shared/limits.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const owner: ReasoningOwner = { tenant: 'default', caller: ['editor', 'languageModel', 'a.b', ''] };
const use: ToolUse = { id: 'call_0', name: 'read', input: '{"file":"a","line":1}' };

function thought(text: string, madeBy = 'maker'): KeptReasoning {
  return { madeBy, blocks: [{ type: 'reasoning', text, calls: 0, chars: 0 }], calls: {} };
}

describe('the reasoning store', () => {
  let clock: FakeClock;
  let store: ReasoningStore;

  beforeEach(() => {
    clock = new FakeClock();
    store = new ReasoningStore(clock);
  });

  const found = (uses: readonly ToolUse[] = [use], makers = ['maker']) =>
    store.find(owner, makers, uses)?.blocks[0]?.text;

  it('finds the reasoning of an answer by its tool call, however the arguments are written', () => {
    store.keep(owner, thought('why'), [use]);
    assert.equal(found(), 'why');
    assert.equal(found([{ ...use, input: { line: 1, file: 'a' } }]), 'why');
    assert.equal(found([{ ...use, input: ' { "line": 1, "file": "a" } ' }]), 'why');
  });

  it('does not find it by another id, name or arguments', () => {
    store.keep(owner, thought('why'), [use]);
    for (const other of [
      { ...use, id: 'call_1' },
      { ...use, name: 'write' },
      { ...use, input: '{"file":"a","line":2}' },
      {
        ...use,
        input: [
          ['file', 'a'],
          ['line', 1],
        ],
      },
    ])
      assert.equal(found([other]), undefined);
  });

  it('finds it by each tool call of the answer, and by all of them together', () => {
    const second = { ...use, id: 'call_1' };
    store.keep(owner, thought('why'), [use, second]);
    assert.deepEqual([found(), found([second]), found([second, use])], ['why', 'why', 'why']);
  });

  it('finds nothing where two answers had the same tool call', () => {
    store.keep(owner, thought('first'), [use]);
    store.keep(owner, thought('second'), [use]);
    assert.equal(found(), undefined);
  });

  it('finds nothing for tool calls of two answers', () => {
    const second = { ...use, id: 'call_1' };
    store.keep(owner, thought('first'), [use]);
    store.keep(owner, thought('second'), [second]);
    assert.equal(found([use, second]), undefined);
  });

  it('finds nothing where two targets made an answer with the same tool call', () => {
    store.keep(owner, thought('first'), [use]);
    store.keep(owner, thought('second', 'other'), [use]);
    assert.deepEqual([found(), found([use], ['maker', 'other'])], ['first', undefined]);
  });

  it('finds an answer that was repeated word for word', () => {
    store.keep(owner, thought('why'), [use]);
    store.keep(owner, thought('why'), [use]);
    assert.equal(found(), 'why');
  });

  it('forgets after an hour, also one in which the machine slept', async () => {
    store.keep(owner, thought('why'), [use]);
    await clock.advance(reasoningLimits.storeMs - 1);
    assert.equal(found(), 'why');
    await clock.advance(1);
    assert.deepEqual([found(), store.bytes], [undefined, 0]);
    store.keep(owner, thought('why'), [use]);
    clock.sleepMachine(reasoningLimits.storeMs);
    assert.equal(found(), undefined);
  });

  it('never takes more than its 16 MiB, and forgets first what was not used for longest', () => {
    const large = 'x'.repeat(reasoningLimits.answerChars);
    const uses = Array.from({ length: 20 }, (_, n) => ({ ...use, id: `call_${n}` }));
    for (const [n, each] of uses.entries()) {
      store.keep(owner, thought(`${n} ${large}`), [each]);
      assert.ok(store.bytes <= reasoningLimits.storeBytes);
      assert.ok(found([use])?.startsWith('0 '), 'it was used each time');
    }
    assert.equal(found([{ ...use, id: 'call_1' }]), undefined);
    assert.ok(found([{ ...use, id: 'call_19' }]) !== undefined);
  });

  it('keeps nothing of an answer without tool calls', () => {
    store.keep(owner, thought('why'), []);
    assert.equal(store.bytes, 0);
  });

  it('never finds the reasoning of another tenant, caller, token or target', () => {
    const word = fc.string({ maxLength: 3, unit: fc.constantFrom('a', '"', ',', '\\', '[', ' ') });
    const names = fc.record({ tenant: word, caller: fc.array(word, { maxLength: 3 }), madeBy: word });
    const uses = fc.record({ id: word, name: word, input: fc.oneof(word, fc.json(), fc.jsonValue()) });
    fc.assert(
      fc.property(fc.array(fc.tuple(names, uses), { minLength: 1, maxLength: 8 }), names, (kept, asker) => {
        const tried = new ReasoningStore(new FakeClock());
        const text = JSON.stringify;
        for (const [index, [{ tenant, caller, madeBy }, each]] of kept.entries())
          tried.keep({ tenant, caller }, thought(text([index, tenant, caller, madeBy]), madeBy), [each]);
        for (const [, each] of kept) {
          const reasoning = tried.find(asker, [asker.madeBy], [each]);
          if (reasoning === undefined) continue;
          const [, ...of] = JSON.parse(reasoning.blocks[0]?.text ?? '[]') as unknown[];
          assert.deepEqual(of, [asker.tenant, asker.caller, asker.madeBy]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
