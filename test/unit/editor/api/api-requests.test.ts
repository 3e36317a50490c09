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

describe('a request of another extension', () => {
  it('becomes the neutral prompt', () => {
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

  it('names its caller in its own words only', () => {
    assert.equal(declaredBy(parseChat(question).caller), 'someone.extension (self-declared)');
  });

  for (const [what, changes] of [
    ['no caller', { caller: '' }],
    ['a caller with a line break', { caller: 'a\nb' }],
    ['a caller of 101 characters', { caller: 'x'.repeat(101) }],
    ['no message', { messages: [] }],
    ['a message of an unknown role', { messages: [{ role: 'root', content: 'secret-words' }] }],
    ['content that is no text', { messages: [{ role: 'user', content: { secret: 'secret-words' } }] }],
    ['a limit of 0 tokens', { maxOutputTokens: 0 }],
    ['a listener that is none', { onText: 'secret-words' }],
    ['a signal that is none', { signal: { aborted: false } }],
    ['a word about repeating it that is neither yes nor no', { idempotent: 'secret-words' }],
  ] as const) {
    it(`is refused with ${what}, and the error repeats nothing of it`, () => {
      const request = { ...question, ...changes } as unknown as ChatRequest;
      assert.throws(
        () => parseChat(request),
        (error) => error instanceof TypeError && !error.message.includes('secret-words'),
      );
    });
  }

  it('may not set up a provider with a key that no header could carry', () => {
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
