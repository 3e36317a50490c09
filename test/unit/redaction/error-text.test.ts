import assert from 'node:assert/strict';
import { createRedactor, longestErrorChars, sanitizeErrorMessage } from '../../../src/redaction/redact.ts';
import { redactionLimits } from '../../../src/shared/limits.ts';

const canary = 'plain canary value';

function shown(error: unknown): string {
  const redactor = createRedactor();
  redactor.register(canary);
  return redactor.redactError(error);
}

describe('redactError', () => {
  it('shows the whole chain of causes without the secret', () => {
    const text = shown(
      new Error('outer', { cause: new TypeError(`inner ${canary}`, { cause: `deepest ${canary}` }) }),
    );
    assert.match(text, /outer[^]*Caused by: TypeError: inner \*\*\*[^]*Caused by: deepest \*\*\*/);
    assert.ok(!text.includes(canary));
  });

  it('shows every error of an AggregateError', () => {
    const text = shown(new AggregateError([new Error(`one ${canary}`), new Error('two')], 'both failed'));
    assert.match(text, /both failed[^]*One of: Error: one \*\*\*[^]*One of: Error: two/);
  });

  it('blanks a secret in a stack and in a message that changed after the stack was made', () => {
    const error = new Error(`old ${canary}`);
    assert.ok(error.stack?.includes('old'));
    error.message = `new ${canary}`;
    const text = shown(error);
    assert.match(text, /new \*\*\*[^]*old \*\*\*/);
    assert.ok(!text.includes(canary));
  });

  it('shows headers in every representation and blanks the secret ones', () => {
    for (const headers of [
      new Headers({ 'x-api-key': 'unknown-value', 'retry-after': '7' }),
      new Map([
        ['x-api-key', 'unknown-value'],
        ['retry-after', '7'],
      ]),
      { 'x-api-key': 'unknown-value', 'retry-after': ['7'] },
      [
        ['x-api-key', 'unknown-value'],
        ['retry-after', '7'],
      ],
    ]) {
      for (const error of [
        Object.assign(new Error('refused'), { headers }),
        Object.assign(new Error('refused'), { response: { headers } }),
      ]) {
        const text = shown(error);
        assert.match(text, /x-api-key: \*\*\*/);
        assert.match(text, /retry-after: 7/);
      }
    }
  });

  it('stops at a cycle of causes', () => {
    const error = new Error('round');
    error.cause = error;
    assert.match(shown(error), /Caused by: \[already shown\]/);
  });

  it('survives getters that throw', () => {
    const hostile = {
      get message(): string {
        throw new Error('no');
      },
      headers: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    };
    assert.match(shown(hostile), /\[unreadable\]/);
  });

  it('leaves out the request that an SDK attaches to its errors', () => {
    const error = Object.assign(new Error('refused'), {
      requestBodyValues: { prompt: 'my diary' },
      statusCode: 400,
    });
    assert.ok(!shown(error).includes('diary'));
    assert.match(shown(error), /statusCode: 400/);
  });

  it('shows a value that is not an error', () => {
    assert.equal(shown(undefined), 'undefined');
    assert.equal(shown(`thrown ${canary}`), 'thrown ***');
    assert.equal(shown({ message: 'half an error' }), 'half an error');
    assert.equal(shown({}), '[object Object]');
  });

  it('cuts a long text only after redaction', () => {
    const text = shown('x'.repeat(longestErrorChars - 5) + canary.repeat(3));
    assert.ok(!text.includes('plain'));
  });
});

describe('the text of an error from outside', () => {
  const long = 2 ** 23;

  it('is cut before it is redacted, and shows nothing of a key at the edge', () => {
    const redactor = createRedactor();
    redactor.register(canary);
    const { readChars, edgeChars } = redactionLimits;
    for (let before = readChars + edgeChars - canary.length; before < readChars + edgeChars; before += 1) {
      // Secrets that shrink bring the edge into what is shown.
      const message = `password="${'x'.repeat(before - 11)}" ${canary}${'y'.repeat(long)}`;
      const text = sanitizeErrorMessage(message, redactor);
      assert.doesNotMatch(text, /plain/);
      assert.match(text, /\(\d+ characters\)$/);
    }
  });

  it('never throws, whatever the length', () => {
    for (const message of [`sk-${'a'.repeat(6_000_000)}`, 'x'.repeat(long)]) {
      assert.ok(sanitizeErrorMessage(message).length < longestErrorChars + 40);
      assert.ok(shown(new Error(message)).length < longestErrorChars + 40);
    }
  });

  it('is bounded for many errors, many headers, and a list that never ends', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => new Error(`number ${n}`));
    assert.ok(shown(new AggregateError(many)).length < longestErrorChars + 40);
    const headers = {
      *[Symbol.iterator]() {
        for (;;) yield ['x', 'y'];
      },
    };
    assert.match(shown(Object.assign(new Error('endless'), { headers })), /endless/);
  });

  it('says so where an error cannot be read at all', () => {
    const hostile = new Proxy([], {
      get: () => {
        throw new Error('no');
      },
      getPrototypeOf: () => {
        throw new Error('no');
      },
    });
    assert.match(shown(hostile), /unreadable/);
  });
});
