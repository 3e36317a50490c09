import assert from 'node:assert/strict';
import type { Part, Prompt } from '../../../../src/guard/call.ts';
import {
  attach,
  type AssistantMessage,
  type KeptReasoning,
  withOwnReasoning,
} from '../../../../src/providers/reasoning/kept-reasoning.ts';
import { ReasoningCollector } from '../../../../src/providers/reasoning/reasoning-collector.ts';

const text = (value: string) => ({ type: 'text', text: value }) as const;
const call = (id: string) => ({ type: 'tool-call', toolCallId: id, toolName: 't', input: {} }) as const;
const thought = (value: string, signature = value) =>
  ({ type: 'reasoning', text: value, providerOptions: { p: { signature } } }) as const;

function collect(parts: readonly Part[]): KeptReasoning {
  const collector = new ReasoningCollector();
  for (const part of parts) collector.add(part);
  const kept = collector.reasoning('maker');
  assert.ok(kept !== undefined);
  return kept;
}

/** An answer that thinks, writes, thinks again, and calls two tools with a thought between them. */
const answer: readonly Part[] = [
  { type: 'reasoning-start', id: '0' },
  { type: 'reasoning-delta', id: '0', delta: 'on' },
  { type: 'reasoning-delta', id: '0', delta: 'e' },
  { type: 'reasoning-delta', id: '0', delta: '', providerMetadata: { p: { signature: 'one' } } },
  { type: 'reasoning-end', id: '0' },
  { type: 'text-start', id: '1' },
  { type: 'text-delta', id: '1', delta: 'Hel' },
  { type: 'text-delta', id: '1', delta: 'lo' },
  { type: 'text-end', id: '1' },
  { type: 'reasoning-start', id: '2', providerMetadata: { p: { signature: 'two' } } },
  { type: 'reasoning-delta', id: '2', delta: 'two' },
  { type: 'reasoning-end', id: '2' },
  { type: 'text-delta', id: '3', delta: ' world' },
  { type: 'tool-call', toolCallId: 'a', toolName: 't', input: '{}', providerMetadata: { p: { s: 1 } } },
  { type: 'reasoning-start', id: '4' },
  { type: 'reasoning-delta', id: '4', delta: 'three', providerMetadata: { p: { signature: 'three' } } },
  { type: 'tool-call', toolCallId: 'b', toolName: 't', input: '{}' },
];

function sentContent(content: AssistantMessage['content'], kept = collect(answer)): unknown {
  const prompt: Prompt = { prompt: [attach({ role: 'assistant', content }, kept)] };
  const foreign: string[] = [];
  const [message] = withOwnReasoning(prompt, 'maker', (madeBy) => foreign.push(madeBy)).prompt;
  assert.deepEqual(foreign, []);
  assert.deepEqual(Object.keys(message?.providerOptions ?? {}), []);
  return message?.content;
}

const signedCall = { ...call('a'), providerOptions: { p: { s: 1 } } };

describe('kept reasoning', () => {
  it('goes back in the place where the model had it', () => {
    const expected = [
      thought('one'),
      text('Hello'),
      thought('two'),
      text(' world'),
      signedCall,
      thought('three'),
      call('b'),
    ];
    assert.deepEqual(sentContent([text('Hello'), text(' world'), call('a'), call('b')]), expected);
    // Consumers put texts together, or cut them elsewhere.
    assert.deepEqual(sentContent([text('Hello world'), call('a'), call('b')]), expected);
  });

  it('keeps its order in an answer without the text', () => {
    assert.deepEqual(sentContent([call('a'), call('b')]), [
      thought('one'),
      thought('two'),
      signedCall,
      thought('three'),
      call('b'),
    ]);
  });

  it('goes back once more whatever the consumer made of the text', () => {
    const all = sentContent([text('H'), call('x')]) as { type: string; text?: string }[];
    assert.deepEqual(
      all.filter(({ type }) => type === 'reasoning').map((part) => part.text),
      ['one', 'two', 'three'],
    );
  });

  it('replaces reasoning that a front door found itself', () => {
    const kept = collect(answer.slice(0, 5));
    assert.deepEqual(sentContent([thought('other'), text('Hello')], kept), [thought('one'), text('Hello')]);
  });

  it('is left out for a target that did not make it, and reported', () => {
    const content = [text('Hello'), call('a')];
    const prompt: Prompt = { prompt: [attach({ role: 'assistant', content }, collect(answer))] };
    const foreign: string[] = [];
    const sent = withOwnReasoning(prompt, 'another', (madeBy) => foreign.push(madeBy));
    assert.deepEqual(sent.prompt, [{ role: 'assistant', content, providerOptions: {} }]);
    assert.deepEqual(foreign, ['maker']);
  });

  it('leaves a prompt without any as it is', () => {
    const prompt: Prompt = { prompt: [{ role: 'assistant', content: [text('Hello')] }] };
    assert.equal(
      withOwnReasoning(prompt, 'maker', () => undefined),
      prompt,
    );
  });

  it('is nothing for an answer without reasoning, and for more than a mebibyte of it', () => {
    for (const parts of [
      answer.filter(({ type }) => type.startsWith('text')),
      [...answer, { type: 'reasoning-delta', id: '9', delta: 'x'.repeat(2 ** 20) } as const],
    ]) {
      const collector = new ReasoningCollector();
      for (const part of parts) collector.add(part);
      assert.equal(collector.reasoning('maker'), undefined);
    }
  });
});
