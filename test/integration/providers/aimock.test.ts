import assert from 'node:assert/strict';
import { LLMock } from '@copilotkit/aimock';
import { listModels } from '../../../src/providers/list-models.ts';
import { attempt, compatible, senderOptions, textOf } from '../../support/sender.ts';

/** The ordinary behaviour of a provider, as somebody else's mock plays it. */
describe('the sender with a provider that behaves', () => {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });

  before(() => mock.start());
  after(() => mock.stop());
  afterEach(() => {
    mock.reset();
  });

  const config = () => compatible(`${mock.url}/v1`);
  const ask = (text: string, more: object = {}) =>
    attempt(senderOptions(config()), {
      prompt: { prompt: [{ role: 'user', content: [{ type: 'text', text }] }], ...more },
    });

  it('streams a text with its usage', async () => {
    const content = 'Everything is as it should be. '.repeat(20);
    mock.onMessage('status', { content, usage: { prompt_tokens: 12, completion_tokens: 0 } });
    const { parts, report } = await ask('status?');
    assert.equal(textOf(parts), content);
    assert.deepEqual(report, {
      outcome: { kind: 'complete' },
      status: 200,
      usage: { inputTokens: 12, cachedInputTokens: 0, outputTokens: 0 },
    });
  });

  it('calls a tool', async () => {
    mock.onMessage('weather', { toolCalls: [{ name: 'forecast', arguments: '{"city":"Bern"}' }] });
    const { parts, report } = await ask('weather?', {
      tools: [{ type: 'function', name: 'forecast', inputSchema: { type: 'object' } }],
    });
    assert.equal(report.outcome.kind, 'complete');
    const call = parts.find(({ part }) => part.type === 'tool-call');
    assert.ok(call?.part.type === 'tool-call');
    assert.deepEqual(
      [call.content, call.part.toolName, call.part.input],
      [true, 'forecast', '{"city":"Bern"}'],
    );
    const finish = parts.at(-1)?.part;
    assert.equal(finish?.type === 'finish' && finish.finishReason.unified, 'tool-calls');
  });

  it('streams reasoning before the text', async () => {
    mock.onMessage('why', { content: 'Because.', reasoning: 'Let me think.' });
    const { parts } = await ask('why?');
    const types = parts.filter(({ content }) => content).map(({ part }) => part.type);
    assert.equal(types[0], 'reasoning-delta');
    assert.equal(types.at(-1), 'text-delta');
  });

  it('asks for a pause', async () => {
    mock.onMessage('more', {
      error: { message: 'Rate limit reached', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
      status: 429,
      retryAfter: 7,
    });
    assert.deepEqual((await ask('more!')).report.outcome, {
      kind: 'http',
      status: 429,
      message: 'Rate limit reached',
      retryAfterMs: 7_000,
    });
  });

  it('lists its models', async () => {
    mock.onMessage('x', { content: 'y' });
    const { signal } = new AbortController();
    const listed = await listModels(config(), undefined, signal, senderOptions(config()));
    assert.ok(listed.ok && listed.value.length > 0);
  });
});
