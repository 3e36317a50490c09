import assert from 'node:assert/strict';
import { dialects, type WireDialect } from '../../../../src/providers/dialects/dialects.ts';
import { wholeForms } from '../../../../src/providers/dialects/whole-forms.ts';
import { done } from '../../../support/request-body.ts';
import { anthropicEvents, goodAnswers, googleEvents, toolAnswers } from '../../../support/dialect-events.ts';
import { watchOf } from '../../../support/watch.ts';

/** What a client gets that asked for one piece where the server streams. */
function joined(dialect: WireDialect, events: readonly string[]): Record<string, unknown> {
  const watch = watchOf('text/event-stream', { dialect, wants: 'whole', passThrough: { hidesUsage: false } });
  const bytes = Buffer.from(events.join(''));
  const outcome = done(watch.push(bytes)) ?? done(watch.end(false));
  assert.equal(outcome.kind, 'complete');
  const pieces = watch.take();
  assert.equal(pieces.length, 1);
  return JSON.parse(String(pieces[0]?.bytes)) as Record<string, unknown>;
}

const typed = (type: string, data: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

describe('wholeForms', () => {
  it('makes a message of the events of Messages', () => {
    const whole = joined('anthropic-messages', goodAnswers['anthropic-messages']);
    const { id, type, role, content, stop_reason: reason, usage } = whole;
    assert.deepEqual([id, type, role, reason], ['msg_1', 'message', 'assistant', 'end_turn']);
    assert.deepEqual(content, [{ type: 'text', text: 'Hello world' }]);
    assert.deepEqual(usage, {
      input_tokens: 4,
      cache_creation_input_tokens: 2,
      cache_read_input_tokens: 5,
      output_tokens: 3,
    });
  });

  it('keeps thinking with its signature, and the input of a tool', () => {
    const { content, stop_reason: reason } = joined('anthropic-messages', [
      anthropicEvents.start,
      anthropicEvents.block(0, { type: 'thinking', thinking: '', signature: '' }),
      anthropicEvents.delta(0, { type: 'thinking_delta', thinking: 'Look' }),
      anthropicEvents.delta(0, { type: 'thinking_delta', thinking: ' it up.' }),
      anthropicEvents.delta(0, { type: 'signature_delta', signature: 'c2ln' }),
      anthropicEvents.endBlock(0),
      anthropicEvents.block(1, { type: 'tool_use', id: 'toolu_1', name: 'forecast', input: {} }),
      anthropicEvents.delta(1, { type: 'input_json_delta', partial_json: '{"city":' }),
      anthropicEvents.delta(1, { type: 'input_json_delta', partial_json: '"Bern"}' }),
      anthropicEvents.endBlock(1),
      anthropicEvents.end('tool_use'),
      anthropicEvents.stop,
    ]);
    assert.equal(reason, 'tool_use');
    assert.deepEqual(content, [
      { type: 'thinking', thinking: 'Look it up.', signature: 'c2ln' },
      { type: 'tool_use', id: 'toolu_1', name: 'forecast', input: { city: 'Bern' } },
    ]);
  });

  it('makes a response of the events of Responses, also of texts that came in deltas alone', () => {
    const { id, status, output, usage } = joined('openai-responses', goodAnswers['openai-responses']);
    assert.deepEqual([id, status], ['resp_1', 'completed']);
    const text = [{ type: 'output_text', text: 'Hello world', annotations: [] }];
    assert.deepEqual(output, [
      { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: text },
    ]);
    assert.equal((usage as { total_tokens: number }).total_tokens, 14);
  });

  it('takes the response of the last event if it has its items', () => {
    const item = {
      type: 'message',
      id: 'm',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Hi' }],
    };
    const response = { id: 'r', object: 'response', status: 'completed', output: [item] };
    assert.deepEqual(joined('openai-responses', [typed('response.completed', { response })]), response);
  });

  it("makes an answer of Google's chunks", () => {
    const whole = joined('google-generative', [
      googleEvents.parts([{ text: 'Hm', thought: true }]),
      googleEvents.parts([{ text: '.', thought: true, thoughtSignature: 'c2ln' }]),
      googleEvents.text('Hello'),
      googleEvents.text(' world'),
      googleEvents.parts([{ functionCall: { name: 'forecast', args: {} } }], 'STOP'),
    ]);
    const parts = [
      { text: 'Hm.', thought: true, thoughtSignature: 'c2ln' },
      { text: 'Hello world' },
      { functionCall: { name: 'forecast', args: {} } },
    ];
    assert.deepEqual(whole['candidates'], [
      { index: 0, content: { role: 'model', parts }, finishReason: 'STOP' },
    ]);
    assert.equal((whole['usageMetadata'] as { totalTokenCount: number }).totalTokenCount, 14);
  });

  for (const dialect of Object.keys(dialects) as WireDialect[])
    for (const [what, answers] of Object.entries({ text: goodAnswers, tools: toolAnswers }))
      it(`makes of ${what} in ${dialect} what the events of an answer in one piece give again`, () => {
        const once = joined(dialect, answers[dialect]);
        const { eventsOf, join } = wholeForms[dialect];
        const events = (eventsOf(once) ?? []).flatMap(dialects[dialect].sdkEvents());
        assert.ok(events.length > 0);
        assert.deepEqual(JSON.parse(JSON.stringify(join(events))), once);
      });
});
