import assert from 'node:assert/strict';
import { watchFor } from '../../../../src/providers/stream/answer-form.ts';
import type { AnswerWatch } from '../../../../src/providers/stream/answer-watch.ts';
import { answeredUsage, chatEvents } from '../../../support/fault-upstream.ts';
import { done } from '../../../support/request-body.ts';
import { watchOf } from '../../../support/watch.ts';

const sanitize = (text: string) => text.replaceAll('secret', '***');

/** The same with the work done at once. */
function watch(contentType?: string, wants: 'stream' | 'whole' = 'stream') {
  const inner: AnswerWatch = watchOf(contentType, { sanitize, wants });
  return {
    push: (text: string) => done(inner.push(Buffer.from(text))),
    end: (broken: boolean) => done(inner.end(broken)),
    get usage() {
      return inner.usage;
    },
  };
}

describe('watchFor an event stream', () => {
  it('returns complete at the end marker, and not before', () => {
    const stream = watch('text/event-stream');
    assert.equal(stream.push(chatEvents.text('Hello')), undefined);
    assert.deepEqual(stream.push(chatEvents.done), { kind: 'complete' });
  });

  it('removes a byte order mark that arrives in pieces', () => {
    const stream = watchOf('text/event-stream', { sanitize, wants: 'stream' });
    for (const byte of [0xef, 0xbb, 0xbf]) assert.equal(done(stream.push(Buffer.of(byte))), undefined);
    assert.deepEqual(done(stream.push(Buffer.from(chatEvents.done))), { kind: 'complete' });
  });

  it('reads the fields behind a byte order mark in mid-stream, as clients do that decode each chunk for itself', () => {
    const error = 'data: {"error":{"message":"PRIVATE"}}\n\n';
    const stream = watch('text/event-stream');
    stream.push(chatEvents.text('Hello'));
    assert.equal(stream.push(`\ufeff${error}`)?.kind, 'errorEvent');
    assert.equal(watch('text/event-stream').push(`event: x\n\ufeff${error}`)?.kind, 'errorEvent');
  });

  it('accepts an end marker without its blank line', () => {
    const stream = watch('text/event-stream');
    assert.equal(stream.push('data: [DONE]'), undefined);
    assert.deepEqual(stream.end(true), { kind: 'complete' });
  });

  for (const [name, broken] of [
    ['ends properly', false],
    ['breaks', true],
  ] as const) {
    it(`returns cut if the stream ${name} without its end marker`, () => {
      const stream = watch('text/event-stream');
      stream.push(`${chatEvents.text('Hello')}data: {"choi`);
      assert.equal(stream.end(broken).kind, 'cut');
    });
  }

  it('returns errorEvent, whatever follows it', () => {
    const events = chatEvents.error({ message: 'overloaded secret' }) + chatEvents.done;
    assert.deepEqual(watch().push(events), { kind: 'errorEvent', message: 'overloaded ***' });
  });

  it('recognizes an error by the name of the event, and never repeats data without a message', () => {
    for (const data of ['out of memory', '{"choices":[{"delta":{"content":"PRIVATE"}}]}'])
      assert.deepEqual(watch().push(`event: error\ndata: ${data}\n\n`), { kind: 'errorEvent', message: '' });
  });

  for (const error of ['null', 'false', '""', '"  "', '0', '{}', '[]', '{"code":null,"message":""}']) {
    it(`ignores an error of ${error}`, () => {
      const content = '"choices":[{"delta":{"content":"PRIVATE"}}]';
      assert.equal(watch().push(`data: {"error":${error},${content}}\n\n`), undefined);
    });
  }

  it('returns malformed for an event that is not JSON', () => {
    assert.equal(watch().push('data: {"choices":[}\n\n')?.kind, 'malformed');
  });

  it('keeps the latest usage if a later event has null', () => {
    const stream = watch();
    stream.push(chatEvents.usage({ prompt_tokens: 1, completion_tokens: 1 }));
    stream.push(chatEvents.usage(answeredUsage));
    stream.push(chatEvents.usage(null));
    assert.deepEqual(stream.usage, { inputTokens: 11, cachedInputTokens: 4, outputTokens: 3 });
  });

  it('returns malformed for an event without an end', () => {
    const stream = watch();
    const megabyte = 'x'.repeat(1024 * 1024);
    let outcome = stream.push('data: ');
    for (let pushed = 0; pushed < 17 && outcome === undefined; pushed += 1) outcome = stream.push(megabyte);
    assert.equal(outcome?.kind, 'malformed');
  });
});

describe('watchFor a JSON answer', () => {
  const json = 'application/json; charset=utf-8';
  const whole = JSON.stringify({ choices: [], usage: answeredUsage });

  for (const type of [json, 'text/plain', undefined]) {
    it(`returns complete for complete JSON of the type ${type}, even if the connection broke after it`, () => {
      const body = watch(type, 'whole');
      assert.equal(body.push(` \n${whole}`), undefined);
      assert.deepEqual(body.end(true), { kind: 'complete' });
      assert.equal(body.usage?.inputTokens, 11);
    });
  }

  it('returns cut for partial JSON on a broken connection, and malformed otherwise', () => {
    const [broken, closed] = [watch(json, 'whole'), watch(json, 'whole')];
    broken.push('{"choices":[');
    closed.push('{"choices":[');
    assert.equal(broken.end(true).kind, 'cut');
    assert.equal(closed.end(false).kind, 'malformed');
  });

  for (const wants of ['stream', 'whole'] as const) {
    it(`returns errorEvent for an error inside a 200 if the request wants a ${wants}`, () => {
      const body = watch(json, wants);
      body.push('{"error":{"message":"overloaded"}}');
      assert.deepEqual(body.end(false), { kind: 'errorEvent', message: 'overloaded' });
    });
  }

  it('returns malformed if the request wants a stream, and keeps the usage', () => {
    const body = watch(json);
    body.push(whole);
    assert.equal(body.end(false).kind, 'malformed');
    assert.equal(body.usage?.inputTokens, 11);
  });

  it('reads a text of many megabytes without its parse tree', () => {
    const body = watch(json, 'whole');
    const item = `{"embedding":[${'0.125,'.repeat(500)}0]},`;
    body.push(`{"data":[${item.repeat(1_000)}{}],"usage":${JSON.stringify(answeredUsage)}}`);
    assert.equal(body.end(false).kind, 'complete');
    assert.equal(body.usage?.inputTokens, 11);
  });

  it('returns malformed for more than 8 MiB for our own prompts, and 32 MiB for a client', () => {
    for (const [passThrough, mebibytes] of [
      [undefined, 8],
      [{ hidesUsage: false }, 32],
    ] as const) {
      const body = watchOf(json, { wants: 'whole', passThrough });
      let pushed = 0;
      const megabyte = Buffer.alloc(1024 * 1024, '[');
      while (done(body.push(megabyte)) === undefined) pushed += 1;
      assert.equal(pushed, mebibytes);
    }
  });
});

describe('watchFor: form of the answer', () => {
  it('expects an event stream if neither the type nor the first bytes say otherwise', () => {
    for (const type of [undefined, 'text/plain', 'application/json'])
      assert.deepEqual(watch(type).push(`\n: ping\n\n${chatEvents.done}`), { kind: 'complete' });
  });

  it('judges an HTML page, and a stream that was not asked for, by their types', () => {
    const options = { dialect: 'openai-chat', sanitize } as const;
    const kindOf = (type: string, wants: 'stream' | 'whole') => {
      const judged = watchFor(type, { ...options, wants });
      return 'kind' in judged ? judged.kind : undefined;
    };
    assert.equal(kindOf('text/html; charset=utf-8', 'stream'), 'malformed');
    assert.equal(kindOf('text/event-stream', 'whole'), 'malformed');
    assert.equal(kindOf('text/event-stream', 'stream'), undefined);
  });

  it('judges a stream that was not asked for by its first bytes if it has another type', () => {
    assert.equal(watch('text/plain', 'whole').push('data: {')?.kind, 'malformed');
  });

  it('returns malformed for blanks without an end', () => {
    const body = watch('application/json', 'whole');
    assert.equal(body.push(' \n'.repeat(100 * 1024)), undefined);
    assert.equal(body.push(' \n'.repeat(100 * 1024))?.kind, 'malformed');
  });
});
