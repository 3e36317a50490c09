import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { goodAnswers, toolAnswers } from '../../support/dialect-events.ts';
import { answer, startFaultUpstream, stall, type FaultUpstream } from '../../support/fault-upstream.ts';
import { configure, offered, pixel, pixelPart, read, user } from '../../support/vscode/host-models.ts';

const lookUp: vscode.LanguageModelChatTool = { name: 'forecast', description: 'The weather' };

/** An image and a required tool in each dialect. */
const dialects = {
  'openai-chat': [`"image_url":{"url":"data:image/png;base64,${pixel}"}`, '"tool_choice":"required"'],
  'openai-responses': [
    `"type":"input_image","image_url":"data:image/png;base64,${pixel}"`,
    '"tool_choice":"required"',
  ],
  'anthropic-messages': [
    `"type":"image","source":{"type":"base64","media_type":"image/png","data":"${pixel}"}`,
    '"tool_choice":{"type":"any"',
  ],
} as const;

for (const [dialect, [imageForm, requiredForm]] of Object.entries(dialects) as [
  keyof typeof dialects,
  (typeof dialects)[keyof typeof dialects],
][]) {
  describe(`a language-model request to ${dialect}`, () => {
    let upstream: FaultUpstream;
    let model: vscode.LanguageModelChat;

    before(async () => {
      upstream = await startFaultUpstream();
      const kind = dialect === 'anthropic-messages' ? 'anthropic-compatible' : 'openai-compatible';
      const chosen = dialect === 'openai-responses' ? { dialect } : {};
      // Each provider has its own id, because a model of the one before may still be offered.
      const entry = { kind, ...chosen, baseUrl: upstream.baseUrl, models: { list: ['m'] } };
      await configure({ [dialect]: entry });
      model = await offered(`${dialect}/m`);
    });

    beforeEach(() => {
      upstream.forget();
      upstream.script(answer(goodAnswers[dialect]));
    });

    after(async () => {
      await configure(undefined);
      await upstream.close();
    });

    it('carries an image in the form of the dialect', async () => {
      await read(await model.sendRequest([user('What is this?', pixelPart())]));
      const body = upstream.seen[0]?.body ?? '';
      assert.ok(body.includes(imageForm), body);
    });

    it('leaves out empty parts, because some providers refuse them', async () => {
      const silent = [
        vscode.LanguageModelChatMessage.Assistant(''),
        vscode.LanguageModelChatMessage.Assistant([]),
      ];
      const messages = [user('Hello?', ''), ...silent, user('Are you there?')];
      await read(await model.sendRequest(messages));
      const body = upstream.seen[0]?.body ?? '';
      assert.ok(body.includes('Hello?') && body.includes('Are you there?'), body);
      assert.doesNotMatch(body, /assistant|"(?:text|content)":(?:""|\[\])/);
    });

    it('requires a tool, and receives two tool calls at once', async () => {
      upstream.script(answer(toolAnswers[dialect]));
      const toolMode = vscode.LanguageModelChatToolMode.Required;
      const { calls } = await read(await model.sendRequest([user('Go')], { tools: [lookUp], toolMode }));
      const body = upstream.seen[0]?.body ?? '';
      assert.ok(body.includes(requiredForm), body);
      assert.deepEqual(
        calls.map(({ name, input }) => [name, input]),
        [
          ['forecast', { city: 'Bern' }],
          ['forecast', { city: 'Rome' }],
        ],
      );
    });

    it('carries its limit of output tokens, unless the limit is not valid', async () => {
      for (const max_tokens of [77, -77, 77.5, '77']) {
        upstream.script(answer(goodAnswers[dialect]));
        await read(await model.sendRequest([user('Hello?')], { modelOptions: { max_tokens } }));
      }
      const limits = upstream.seen.map(({ body }) => /-?77(?:\.5)?/.exec(body)?.[0]);
      assert.deepEqual(limits, ['77', undefined, undefined, undefined]);
    });

    it('receives its token counts as the built-in chat reads them', async () => {
      const { data } = await read(await model.sendRequest([user('Hello?')]));
      const parts = data.filter(({ mimeType }) => mimeType === 'usage');
      assert.deepEqual(
        parts.map(({ data: json }) => JSON.parse(new TextDecoder().decode(json)) as unknown),
        [
          {
            prompt_tokens: 11,
            completion_tokens: 3,
            total_tokens: 14,
            prompt_tokens_details: { cached_tokens: dialect === 'anthropic-messages' ? 5 : 4 },
          },
        ],
      );
    });

    it('has a secret redacted without a question, because no user may be there', async () => {
      const secret = `sk-proj-${'a1B2c3D4e5F6'.repeat(4)}`;
      await read(await model.sendRequest([user(`Is ${secret} mine?`)]));
      const body = upstream.seen[0]?.body ?? '';
      assert.ok(body.includes(' mine?') && !body.includes(secret), body);
    });

    it('closes the socket when it is cancelled', async () => {
      upstream.script(stall(goodAnswers[dialect].slice(0, -1)));
      const cancellation = new vscode.CancellationTokenSource();
      const response = await model.sendRequest([user('Hello?')], {}, cancellation.token);
      const parts = response.text[Symbol.asyncIterator]();
      await parts.next();
      const { closed } = await upstream.request(0);
      cancellation.cancel();
      await closed;
      cancellation.dispose();
    });
  });
}
