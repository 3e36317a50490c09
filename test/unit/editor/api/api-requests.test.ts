import assert from 'node:assert/strict';
import type { ChatRequest, ConfigureRequest } from '../../../../src/api.ts';
import { declaredBy, parseChat, parseConfigure, promptFor } from '../../../../src/editor/api/api-requests.ts';

const question: ChatRequest = {
  model: 'acme/small',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello?' },
  ],
  caller: 'someone.extension',
};

function deep(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);
}

describe('parseChat and parseConfigure', () => {
  it('turn a chat request into the translated prompt', () => {
    const parsed = parseChat({ ...question, maxOutputTokens: 9, temperature: 0.5 });
    assert.deepEqual(promptFor(parsed), {
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello?' }] },
      ],
      maxOutputTokens: 9,
      temperature: 0.5,
    });
  });

  it("mark the caller's name as self-declared", () => {
    assert.equal(declaredBy(parseChat(question).caller), 'someone.extension (self-declared)');
  });

  for (const [what, changes] of [
    ['no caller', { caller: '' }],
    ['a caller with a line break', { caller: 'a\nb' }],
    ['a caller of 101 characters', { caller: 'x'.repeat(101) }],
    ['no message', { messages: [] }],
    ['a message with an unknown role', { messages: [{ role: 'root', content: 'secret-words' }] }],
    ['content that is not a string', { messages: [{ role: 'user', content: { secret: 'secret-words' } }] }],
    ['a limit of 0 tokens', { maxOutputTokens: 0 }],
    ['a model of 301 characters', { model: 'x'.repeat(301) }],
    ['five million characters', { messages: [{ role: 'user', content: 'secret-words'.repeat(420_000) }] }],
    ['a million messages', { messages: Array.from({ length: 1_000_000 }, () => 'secret-words') }],
    ['a hundred thousand wrong messages', { messages: Array.from({ length: 100_000 }, () => 7) }],
    ['an object of a hundred thousand levels', { messages: [deep(100_000)] }],
    ['a listener that is not a function', { onText: 'secret-words' }],
    ['a signal of another kind', { signal: { aborted: false } }],
    ['a value of idempotent that is not a boolean', { idempotent: 'secret-words' }],
  ] as const) {
    it(`refuse ${what}, and do not repeat it in the error`, () => {
      const request = { ...question, ...changes } as unknown as ChatRequest;
      assert.throws(
        () => parseChat(request),
        (error) =>
          error instanceof TypeError &&
          !error.message.includes('secret-words') &&
          error.message.length < 1_000,
      );
    });
  }

  it('take four million characters', () => {
    const content = 'a'.repeat(4_000_000);
    assert.equal(
      parseChat({ ...question, messages: [{ role: 'user', content }] }).messages[0]?.content,
      content,
    );
  });

  for (const [what, changes] of [
    ['an id of 64 characters', { id: 'x'.repeat(64) }],
    ['an address of 2049 characters', { baseUrl: `https://${'x'.repeat(2_041)}` }],
    ['1001 models', { models: Array.from({ length: 1_001 }, (_, at) => `m${at}`) }],
    ['a key of 16385 characters', { key: 'x'.repeat(16_385) }],
  ] as const) {
    it(`refuse to set up a provider with ${what}`, () => {
      const asked = {
        id: 'acme',
        kind: 'openai',
        models: ['small'],
        caller: 'someone.extension',
        ...changes,
      };
      assert.throws(() => parseConfigure(asked), TypeError);
    });
  }

  it('refuse a key that no header could carry', () => {
    const asked: ConfigureRequest = {
      id: 'acme',
      kind: 'openai',
      models: ['small'],
      key: 'sk-1\r\nhost: evil',
      caller: 'someone.extension',
    };
    assert.throws(
      () => parseConfigure(asked),
      (error) =>
        error instanceof TypeError &&
        /^configureProvider: key/.test(error.message) &&
        !/evil/.test(error.message),
    );
  });
});
