import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { goodAnswers, toolAnswers } from '../../support/dialect-events.ts';
import { answer, breakOff, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { configure, offered, read, user } from '../../support/vscode/host-models.ts';

type Dialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages';

const forecast: vscode.LanguageModelChatTool = {
  name: 'forecast',
  description: 'The weather of a city',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const weather: Readonly<Record<string, string>> = { Bern: 'rain', Rome: 'sun' };

/** Uses tools as any extension does: asks, calls the requested tools, and asks again with their results. */
async function useTools(model: vscode.LanguageModelChat): Promise<{ text: string; called: string[][] }> {
  const messages = [user('Which weather is it in Bern and in Rome?')];
  const called: string[][] = [];
  for (;;) {
    const response = await model.sendRequest(messages, { tools: [forecast] });
    const { text, calls } = await read(response);
    if (calls.length === 0) return { text, called };
    const cities = calls.map(({ input }) => (input as { city: string }).city);
    called.push(cities);
    messages.push(
      vscode.LanguageModelChatMessage.Assistant([...calls]),
      vscode.LanguageModelChatMessage.User(
        calls.map(
          ({ callId }, index) =>
            new vscode.LanguageModelToolResultPart(callId, [
              new vscode.LanguageModelTextPart(weather[cities[index] ?? ''] ?? 'unknown'),
            ]),
        ),
      ),
    );
  }
}

/** The result `sun` of `call_1` in each dialect. */
const saysSun: Readonly<Record<Dialect, RegExp>> = {
  'openai-chat': /"role":"tool","tool_call_id":"call_1","content":"sun"/g,
  'openai-responses': /"type":"function_call_output","call_id":"call_1","output":"sun"/g,
  'anthropic-messages': /"type":"tool_result","tool_use_id":"call_1","content":"sun"/g,
};

describe('tools through vscode.lm', () => {
  let openai: FaultUpstream;
  let anthropic: FaultUpstream;

  before(async () => {
    [openai, anthropic] = await Promise.all([startFaultUpstream(), startFaultUpstream()]);
    const models = { list: ['m'] };
    const kind = 'openai-compatible';
    const retry = { retries: 0 };
    await configure(
      {
        'openai-chat': { kind, baseUrl: openai.baseUrl, models, retry },
        'openai-responses': { kind, dialect: 'openai-responses', baseUrl: openai.baseUrl, models, retry },
        'anthropic-messages': { kind: 'anthropic-compatible', baseUrl: anthropic.baseUrl, models, retry },
      },
      { either: ['openai-chat/m', 'anthropic-messages/m'] },
    );
  });

  beforeEach(() => {
    openai.forget();
    anthropic.forget();
  });

  after(async () => {
    await configure(undefined);
    await openai.close();
    await anthropic.close();
  });

  for (const dialect of ['openai-chat', 'openai-responses', 'anthropic-messages'] as const) {
    it(`work over three turns in ${dialect}, with two tool calls at once`, async () => {
      const upstream = dialect === 'anthropic-messages' ? anthropic : openai;
      const calls = toolAnswers[dialect];
      upstream.script(answer(calls), answer(calls), answer(goodAnswers[dialect]));
      const { text, called } = await useTools(await offered(`${dialect}/m`));
      assert.deepEqual(
        [text, called],
        [
          'Hello world',
          [
            ['Bern', 'Rome'],
            ['Bern', 'Rome'],
          ],
        ],
      );
      // Each turn includes everything before it.
      assert.deepEqual(
        upstream.seen.map(({ body }) => body.match(saysSun[dialect])?.length ?? 0),
        [0, 1, 2],
      );
    });
  }

  it('continue at the next provider of a route when the first fails before its first content', async () => {
    const begun = goodAnswers['openai-chat'].slice(0, 1);
    openai.script(answer(toolAnswers['openai-chat']), breakOff(begun));
    anthropic.script(answer(goodAnswers['anthropic-messages']));
    const { text, called } = await useTools(await offered('either'));
    assert.deepEqual([text, called], ['Hello world', [['Bern', 'Rome']]]);
    assert.deepEqual([openai.seen.length, anthropic.seen.length], [2, 1]);
    // The second provider receives the first one's turn in its own dialect.
    assert.match(anthropic.seen[0]?.body ?? '', saysSun['anthropic-messages']);
    assert.match(anthropic.seen[0]?.body ?? '', /"type":"tool_use","id":"call_1","name":"forecast"/);
  });

  for (const given of ['[1]', '7', '{']) {
    it(`are not called with the arguments ${given}, which are not an object`, async () => {
      const calls = toolAnswers['openai-chat'].map((event) =>
        event.replaceAll(String.raw`{\"city\":\"Bern\"}`, given),
      );
      openai.script(answer(calls));
      const model = await offered('openai-chat/m');
      const response = await model.sendRequest([user('Hello?')], { tools: [forecast] });
      await assert.rejects(
        read(response),
        /called the tool forecast with arguments that are not a JSON object/,
      );
    });
  }

  it('do not continue at another provider after the first content, and say so', async () => {
    const begun = goodAnswers['openai-chat'].slice(0, 2);
    openai.script(breakOff(begun));
    const model = await offered('either');
    const response = await model.sendRequest([user('Hello?')]);
    await assert.rejects(read(response), /the connection was lost/);
    assert.deepEqual([openai.seen.length, anthropic.seen.length], [1, 0]);
  });
});
