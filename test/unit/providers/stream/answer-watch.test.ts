import assert from 'node:assert/strict';
import { watchFor, type AnswerWatch } from '../../../../src/providers/stream/answer-watch.ts';
import { answeredUsage, chatEvents } from '../../../support/fault-upstream.ts';

const options = {
  dialect: 'openai-chat',
  sanitize: (text: string) => text.replaceAll('secret', '***'),
} as const;
const bytesOf = (text: string) => new TextEncoder().encode(text);

function watch(contentType?: string): AnswerWatch {
  const found = watchFor(contentType, options);
  assert.ok(found !== undefined);
  return found;
}

describe('watchFor an event stream', () => {
  it('returns complete at the end marker, and not before', () => {
    const stream = watch('text/event-stream');
    assert.equal(stream.push(bytesOf(chatEvents.text('Hello'))), undefined);
    assert.deepEqual(stream.push(bytesOf(chatEvents.done)), { kind: 'complete' });
  });

  it('accepts an end marker without its blank line', () => {
    const stream = watch('text/event-stream');
    assert.equal(stream.push(bytesOf('data: [DONE]')), undefined);
    assert.deepEqual(stream.end(true), { kind: 'complete' });
  });

  for (const [name, broken] of [
    ['ends properly', false],
    ['breaks', true],
  ] as const) {
    it(`returns cut if the stream ${name} without its end marker`, () => {
      const stream = watch('text/event-stream');
      stream.push(bytesOf(`${chatEvents.text('Hello')}data: {"choi`));
      assert.equal(stream.end(broken).kind, 'cut');
    });
  }

  it('returns errorEvent, whatever follows it', () => {
    const events = chatEvents.error({ message: 'overloaded secret' }) + chatEvents.done;
    assert.deepEqual(watch().push(bytesOf(events)), { kind: 'errorEvent', message: 'overloaded ***' });
  });

  it('recognizes an error by the name of the event', () => {
    assert.deepEqual(watch().push(bytesOf('event: error\ndata: out of memory\n\n')), {
      kind: 'errorEvent',
      message: 'out of memory',
    });
  });

  it('ignores an error of null', () => {
    assert.equal(watch().push(bytesOf('data: {"error":null,"choices":[]}\n\n')), undefined);
  });

  it('returns malformed for an event that is not JSON', () => {
    assert.equal(watch().push(bytesOf('data: {"choices":[}\n\n'))?.kind, 'malformed');
  });

  it('keeps the latest usage if a later event has null', () => {
    const stream = watch();
    stream.push(bytesOf(chatEvents.usage({ prompt_tokens: 1, completion_tokens: 1 })));
    stream.push(bytesOf(chatEvents.usage(answeredUsage)));
    stream.push(bytesOf(chatEvents.usage(null)));
    assert.deepEqual(stream.usage, { inputTokens: 11, cachedInputTokens: 4, outputTokens: 3 });
  });

  it('returns malformed for an event without an end', () => {
    const stream = watch();
    const megabyte = bytesOf('x'.repeat(1024 * 1024));
    let outcome = stream.push(bytesOf('data: '));
    for (let pushed = 0; pushed < 17 && outcome === undefined; pushed += 1) outcome = stream.push(megabyte);
    assert.equal(outcome?.kind, 'malformed');
  });
});

describe('watchFor a JSON answer', () => {
  const json = 'application/json; charset=utf-8';

  it('returns complete for complete JSON, even if the connection broke after it', () => {
    const body = watch(json);
    assert.equal(body.push(bytesOf(JSON.stringify({ choices: [], usage: answeredUsage }))), undefined);
    assert.deepEqual(body.end(true), { kind: 'complete' });
    assert.equal(body.usage?.inputTokens, 11);
  });

  it('returns cut for partial JSON on a broken connection, and malformed otherwise', () => {
    const [broken, whole] = [watch(json), watch(json)];
    broken.push(bytesOf('{"choices":['));
    whole.push(bytesOf('{"choices":['));
    assert.equal(broken.end(true).kind, 'cut');
    assert.equal(whole.end(false).kind, 'malformed');
  });

  it('returns errorEvent for an error inside a 200', () => {
    const body = watch(json);
    body.push(bytesOf('{"error":{"message":"overloaded"}}'));
    assert.deepEqual(body.end(false), { kind: 'errorEvent', message: 'overloaded' });
  });
});

describe('watchFor: type of the answer', () => {
  it('expects an event stream if the server names no type', () => {
    assert.deepEqual([watch().format, watch('text/plain').format], ['eventStream', 'eventStream']);
  });

  it('returns undefined for an HTML page', () => {
    assert.equal(watchFor('text/html; charset=utf-8', options), undefined);
  });
});
