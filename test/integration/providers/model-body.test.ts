import assert from 'node:assert/strict';
import type { ProviderEntry } from '../../../src/providers/config/provider-entry.ts';
import { goodAnswers } from '../../support/dialect-events.ts';
import { answer, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { bodyOf } from '../../support/request-body.ts';
import { attempt, hello, provider, senderOptions } from '../../support/sender.ts';

type Json = Readonly<Record<string, unknown>>;

const kinds = {
  'openai-chat': { kind: 'openai-compatible' },
  'openai-responses': { kind: 'openai-compatible', dialect: 'openai-responses' },
  'anthropic-messages': { kind: 'anthropic-compatible' },
  'google-generative': { kind: 'google' },
} as const satisfies Record<string, ProviderEntry>;

describe('the body parameters of a model', () => {
  let upstream: FaultUpstream;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
  });

  afterEach(() => upstream.close());

  async function sent(
    dialect: keyof typeof kinds,
    body: object,
    prompt: object = {},
    model = 'm',
  ): Promise<Json> {
    upstream.script(answer(goodAnswers[dialect]));
    const entry = { ...kinds[dialect], baseUrl: upstream.baseUrl, models: { details: { m: { body } } } };
    const { report } = await attempt(senderOptions(provider(entry)), {
      model,
      prompt: { ...structuredClone(hello), ...prompt },
    });
    assert.equal(report.outcome.kind, 'complete');
    return JSON.parse(upstream.seen[0]?.body ?? '{}') as Json;
  }

  for (const dialect of ['openai-chat', 'openai-responses', 'anthropic-messages'] as const)
    it(`are in Callguard's own prompts in ${dialect}, and come before what a caller wants`, async () => {
      const before = await sent(dialect, {}, { temperature: 0.9, maxOutputTokens: 50 });
      upstream.forget();
      const parameters = { temperature: 0.2, extra: { effort: 'high' } };
      const after = await sent(dialect, parameters, { temperature: 0.9, maxOutputTokens: 50 });
      assert.deepEqual(after, { ...before, ...parameters });
    });

  it('are put into the members that Google has already', async () => {
    const body = await sent('google-generative', { generationConfig: { topK: 5 } }, { temperature: 0.9 });
    assert.deepEqual(body['generationConfig'], { temperature: 0.9, topK: 5 });
  });

  it('leave out a member that is null', async () => {
    const body = await sent('openai-chat', { temperature: null, nothing: null }, { temperature: 0.9 });
    assert.equal('temperature' in body || 'nothing' in body, false);
  });

  it('are not those of another model', async () => {
    assert.equal('seed' in (await sent('openai-chat', { seed: 7 }, {}, 'other')), false);
  });

  it("do not change a client's own request", async () => {
    upstream.script(answer());
    const entry = {
      ...kinds['openai-chat'],
      baseUrl: upstream.baseUrl,
      models: { details: { m: { body: { seed: 7 } } } },
    };
    const json = JSON.stringify({ model: 'm', messages: [], stream: true });
    const prompt = {
      ...{ dialect: 'openai-chat', body: bodyOf(json), headers: {}, streams: true, inputTokens: 1 },
    };
    await attempt(senderOptions(provider(entry)), { prompt });
    assert.doesNotMatch(upstream.seen[0]?.body ?? '', /seed/);
  });

  describe('that make Anthropic think', () => {
    const thinking = { type: 'enabled', budget_tokens: 1_024 };
    const call = { type: 'tool-call', toolCallId: 'c', toolName: 't', input: {} };
    const result = {
      type: 'tool-result',
      toolCallId: 'c',
      toolName: 't',
      output: { type: 'text', value: 'sun' },
    };
    const loop = (...content: object[]) => ({
      prompt: [...hello.prompt, { role: 'assistant', content }, { role: 'tool', content: [result] }],
    });
    const signed = { type: 'reasoning', text: 'Hm.', providerOptions: { anthropic: { signature: 'c2ln' } } };

    it('are left out where the thinking of the tool loop is lost, because the API would refuse them', async () => {
      assert.equal((await sent('anthropic-messages', { thinking }, loop(call)))['thinking'], undefined);
    });

    for (const [where, prompt] of [
      ['the thinking is there', loop(signed, call)],
      ['no tool was called', {}],
      [
        'the tool loop is over',
        {
          prompt: [
            ...loop(call).prompt,
            { role: 'assistant', content: [{ type: 'text', text: 'Sun.' }] },
            ...hello.prompt,
          ],
        },
      ],
    ] as const)
      it(`stay where ${where}`, async () => {
        assert.deepEqual((await sent('anthropic-messages', { thinking }, prompt))['thinking'], thinking);
      });

    it('stay if they let the model choose, which needs no earlier thinking', async () => {
      const adaptive = { type: 'adaptive' };
      assert.deepEqual(
        (await sent('anthropic-messages', { thinking: adaptive }, loop(call)))['thinking'],
        adaptive,
      );
    });
  });
});
