import assert from 'node:assert/strict';
import { LLMock } from '@copilotkit/aimock';
import { listModels } from '../../../src/providers/config/list-models.ts';
import type { ProviderEntry } from '../../../src/providers/config/provider-entry.ts';
import { noCredentials } from '../../support/guard-fixture.ts';
import { attempt, provider, senderOptions, textOf } from '../../support/sender.ts';

/** Every dialect, on an independent mock server. */
const dialects: readonly {
  entry: ProviderEntry;
  path: string;
  /** The mock does not list Google's models. */
  lists?: true;
}[] = [
  { entry: { kind: 'openai-compatible' }, path: '/v1', lists: true },
  { entry: { kind: 'openai', dialect: 'openai-responses' }, path: '/v1', lists: true },
  { entry: { kind: 'anthropic' }, path: '/v1', lists: true },
  { entry: { kind: 'google' }, path: '/v1beta' },
];
const tools = ['forecast', 'clock'].map((name) => ({
  type: 'function',
  name,
  inputSchema: { type: 'object' },
}));

for (const { entry, path, lists } of dialects) {
  const { dialect } = provider({ baseUrl: 'https://api.example.com/v1', ...entry });

  describe(`createSender with a mock server of ${dialect}`, () => {
    const mock = new LLMock({ port: 0, logLevel: 'silent' });

    before(() => mock.start());
    after(() => mock.stop());
    afterEach(() => {
      mock.reset();
    });

    const config = () => provider({ ...entry, baseUrl: mock.url + path });
    const ask = (text: string, more: object = {}, over: Parameters<typeof attempt>[1] = {}) =>
      attempt(senderOptions(config()), {
        prompt: { prompt: [{ role: 'user', content: [{ type: 'text', text }] }], ...more },
        ...over,
      });

    it('streams a text with its usage, including a reported 0', async () => {
      const content = 'Everything is as it should be. '.repeat(20);
      mock.onMessage('status', {
        content,
        usage: { prompt_tokens: 12, completion_tokens: 0, promptTokenCount: 12, candidatesTokenCount: 0 },
      });
      const { parts, report } = await ask('status?');
      assert.equal(textOf(parts), content);
      assert.ok(parts.filter((part) => part.content).length > 10, 'it came in one piece');
      const { requestId, ...rest } = report;
      assert.match(requestId ?? '', /^req-/);
      assert.deepEqual(rest, {
        outcome: { kind: 'complete' },
        status: 200,
        usage: { inputTokens: 12, cachedInputTokens: 0, outputTokens: 0 },
      });
    });

    it('calls two tools at once', async () => {
      mock.onMessage('weather', {
        toolCalls: [
          { name: 'forecast', arguments: '{"city":"Bern"}' },
          { name: 'clock', arguments: '{}' },
        ],
      });
      const { parts, report } = await ask('weather?', { tools });
      assert.equal(report.outcome.kind, 'complete');
      const calls = parts.flatMap(({ part, content }) =>
        part.type === 'tool-call' ? [[content, part.toolName, JSON.parse(part.input) as unknown]] : [],
      );
      assert.deepEqual(calls, [
        [true, 'forecast', { city: 'Bern' }],
        [true, 'clock', {}],
      ]);
      assert.equal(parts.at(-1)?.part.type, 'finish');
    });

    it('streams reasoning before the text', async () => {
      mock.onMessage('why', { content: 'Because.', reasoning: 'Let me think.' });
      const { parts } = await ask('why?');
      const types = parts.filter(({ content }) => content).map(({ part }) => part.type);
      assert.equal(types[0], 'reasoning-delta');
      assert.equal(types.at(-1), 'text-delta');
    });

    it('reports a rate limit with the time to wait', async () => {
      mock.onMessage('more', {
        error: { message: 'Rate limit reached', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
        status: 429,
        retryAfter: 7,
      });
      const { outcome } = (await ask('more!')).report;
      assert.ok(outcome.kind === 'http');
      assert.match(outcome.requestId ?? '', /^req-/);
      assert.deepEqual(
        [outcome.status, outcome.message, outcome.retryAfterMs],
        [429, 'Rate limit reached', 7_000],
      );
    });

    it('reports a cut answer as cut', async () => {
      mock.onMessage(
        'story',
        { content: 'Once upon a time. '.repeat(20) },
        { truncateAfterChunks: 8, latency: 5 },
      );
      const { parts, report } = await ask('story!');
      assert.equal(report.outcome.kind, 'cut');
      assert.ok(textOf(parts).startsWith('Once upon'));
    });

    it('stops in the middle of an answer when it is aborted', async () => {
      mock.onMessage('slowly', { content: 'One after the other. '.repeat(400) }, { latency: 5 });
      const abort = new AbortController();
      let chunks = 0;
      const { parts, report } = await ask(
        'slowly!',
        {},
        {
          signal: abort.signal,
          progress: (reached) => {
            if (reached === 'bytes' && ++chunks === 8) abort.abort();
          },
        },
      );
      assert.equal(report.outcome.kind, 'aborted');
      assert.ok(textOf(parts).length < 4_000);
    });

    if (lists === true) {
      it('lists the models of the server', async () => {
        mock.onMessage('x', { content: 'y' });
        const { signal } = new AbortController();
        const listed = await listModels(config(), noCredentials, signal, senderOptions(config()));
        assert.ok(listed.ok && listed.value.length > 0, JSON.stringify(listed));
      });
    }
  });
}
