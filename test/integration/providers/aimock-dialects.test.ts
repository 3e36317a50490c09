import assert from 'node:assert/strict';
import { LLMock } from '@copilotkit/aimock';
import { listModels } from '../../../src/providers/list-models.ts';
import type { ProviderEntry } from '../../../src/providers/settings.ts';
import { attempt, provider, senderOptions, textOf } from '../../support/sender.ts';

/** The dialects beside OpenAI's, as somebody else's mock speaks them. */
for (const [entry, path] of [
  [{ kind: 'openai', dialect: 'openai-responses' }, '/v1'],
  [{ kind: 'anthropic' }, '/v1'],
  [{ kind: 'google' }, '/v1beta'],
] as const satisfies readonly (readonly [ProviderEntry, string])[]) {
  const { kind } = entry;
  describe(`the sender with ${provider(entry).dialect}, when it behaves`, () => {
    const mock = new LLMock({ port: 0, logLevel: 'silent' });

    before(() => mock.start());
    after(() => mock.stop());
    afterEach(() => {
      mock.reset();
    });

    const config = () => provider({ ...entry, baseUrl: mock.url + path });
    const ask = (text: string, more: object = {}) =>
      attempt(senderOptions(config()), {
        prompt: { prompt: [{ role: 'user', content: [{ type: 'text', text }] }], ...more },
      });

    it('streams a text with its usage', async () => {
      const content = 'Everything is as it should be. '.repeat(20);
      mock.onMessage('status', {
        content,
        usage: { input_tokens: 12, output_tokens: 5, promptTokenCount: 12, candidatesTokenCount: 5 },
      });
      const { parts, report } = await ask('status?');
      assert.equal(textOf(parts), content);
      assert.deepEqual(report, {
        outcome: { kind: 'complete' },
        status: 200,
        usage: { inputTokens: 12, cachedInputTokens: 0, outputTokens: 5 },
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
      assert.deepEqual([call.part.toolName, JSON.parse(call.part.input)], ['forecast', { city: 'Bern' }]);
    });

    it('asks for a pause', async () => {
      mock.onMessage('more', { error: { message: 'Slow down' }, status: 429, retryAfter: 7 });
      const { outcome } = (await ask('more!')).report;
      assert.deepEqual(outcome, { kind: 'http', status: 429, message: 'Slow down', retryAfterMs: 7_000 });
    });

    // The mock has no list of Google's models.
    if (kind === 'google') return;
    it('lists its models', async () => {
      mock.onMessage('x', { content: 'y' });
      const { signal } = new AbortController();
      const listed = await listModels(config(), undefined, signal, senderOptions(config()));
      assert.ok(listed.ok && listed.value.length > 0, JSON.stringify(listed));
    });
  });
}
