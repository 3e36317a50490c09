import assert from 'node:assert/strict';
import type { JSONSchema7, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Prompt } from '../../../../src/guard/call.ts';
import { markedAs } from '../../../../src/providers/translation/made-by.ts';
import { sentBody, sentTo } from '../../../support/sent-body.ts';

const user = (text: string): LanguageModelV4Prompt[number] => ({
  role: 'user',
  content: [{ type: 'text', text }],
});
const png = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } } as const;
const call = (toolCallId = 'call_1', toolName = 'look') =>
  ({ type: 'tool-call', toolCallId, toolName, input: { at: 1 } }) as const;
const tools: Prompt['tools'] = [
  { type: 'function', name: 'look', inputSchema: { type: 'object', properties: { at: { type: 'number' } } } },
];

const middle: Prompt = {
  prompt: [
    { role: 'system', content: 'Be brief.' },
    user('Hello?'),
    { role: 'assistant', content: [{ type: 'text', text: 'Yes?' }] },
    { role: 'system', content: 'Be kind.' },
    user('Go on.'),
  ],
};
const betweenCalls: Prompt = {
  tools,
  prompt: [
    user('Look.'),
    { role: 'assistant', content: [call()] },
    { role: 'system', content: 'Be kind.' },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call_1',
          toolName: 'look',
          output: { type: 'text', value: 'ok' },
        },
      ],
    },
  ],
};
const withImage: Prompt = {
  tools,
  prompt: [
    user('Look.'),
    { role: 'assistant', content: [call('call_1'), call('call_2')] },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call_1',
          toolName: 'look',
          output: { type: 'content', value: [{ type: 'text', text: 'A picture:' }, png] },
        },
        {
          type: 'tool-result',
          toolCallId: 'call_2',
          toolName: 'look',
          output: { type: 'text', value: 'nothing' },
        },
      ],
    },
  ],
};
const withError: Prompt = {
  tools,
  prompt: [
    user('Look.'),
    { role: 'assistant', content: [call()] },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call_1',
          toolName: 'look',
          output: { type: 'error-text', value: 'no such place' },
        },
      ],
    },
  ],
};
const reasoned = (target: string, options: object): Prompt => ({
  tools,
  prompt: [
    user('Look.'),
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'I look at 1.', providerOptions: markedAs(target, options as never) },
        call(),
      ],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'call_1',
          toolName: 'look',
          output: { type: 'text', value: 'ok' },
        },
      ],
    },
  ],
});

const textOf = (value: unknown) => JSON.stringify(value);

describe('fitGoogle', () => {
  const dialect = 'google-generative';

  it('makes a system message in the middle a user message that is marked as the system', async () => {
    const { body } = await sentBody(dialect, middle);
    const contents = body['contents'] as { role: string; parts: unknown }[];
    assert.deepEqual(
      contents.map(({ role }) => role),
      ['user', 'model', 'user', 'user'],
    );
    assert.match(textOf(contents[2]), /<system>\\nBe kind\.\\n<\/system>/);
    assert.match(textOf(body['systemInstruction']), /Be brief\./);
  });

  it('puts a system message between a call and its results behind the results', async () => {
    const { body } = await sentBody(dialect, betweenCalls);
    const contents = body['contents'] as unknown[];
    assert.match(textOf(contents[2]), /functionResponse/);
    assert.match(textOf(contents[3]), /Be kind/);
  });

  it('keeps an image in a tool result', async () => {
    const { body } = await sentBody(dialect, withImage);
    assert.match(textOf(body['contents']), /"parts":\[\{"inlineData":\{"mimeType":"image\/png"/);
  });

  it('keeps the mark of a tool result that is an error', async () => {
    const { body } = await sentBody(dialect, withError);
    assert.match(textOf(body['contents']), /"error":"no such place"/);
  });

  it('keeps the signature of a call', async () => {
    const { body, losses } = await sentBody(
      dialect,
      reasoned(sentTo(dialect), { google: { thoughtSignature: 'c2ln' } }),
    );
    assert.match(textOf(body['contents']), /"thought":true,"thoughtSignature":"c2ln"/);
    assert.ok(!losses.includes('foreignReasoning'));
  });

  it('puts a signature that stands before its call on the call', async () => {
    const prompt = reasoned(sentTo(dialect), { google: { thoughtSignature: 'c2ln' } });
    const message = prompt.prompt[1];
    assert.ok(message?.role === 'assistant' && message.content[0]?.type === 'reasoning');
    message.content[0].text = '';
    const { body, losses } = await sentBody(dialect, prompt);
    assert.match(
      textOf(body['contents']),
      /"functionCall":\{[^}]*\{[^}]*\}[^}]*\},"thoughtSignature":"c2ln"/,
    );
    assert.deepEqual(losses, []);
  });
});

describe('fitChat', () => {
  const dialect = 'openai-chat';

  it('keeps a system message in the middle', async () => {
    const { body } = await sentBody(dialect, middle);
    const messages = body['messages'] as { role: string }[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['system', 'user', 'assistant', 'system', 'user'],
    );
  });

  it('makes the first system messages one', async () => {
    const prompt: Prompt = {
      prompt: [{ role: 'system', content: 'One.' }, { role: 'system', content: 'Two.' }, user('Hello?')],
    };
    const { body } = await sentBody(dialect, prompt);
    assert.deepEqual((body['messages'] as unknown[])[0], { role: 'system', content: 'One.\n\nTwo.' });
  });

  it('puts an image of a tool result into a user message behind all results of the turn', async () => {
    const { body } = await sentBody(dialect, withImage);
    const messages = body['messages'] as { role: string; content: unknown }[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'tool', 'tool', 'user'],
    );
    assert.equal(messages[2]?.content, 'A picture:\n[The file follows in the next message.]');
    assert.match(textOf(messages[4]), /image_url.*data:image\/png;base64,iVBORw0KGgo=/);
  });

  it('says in the text that a tool result is an error', async () => {
    const { body } = await sentBody(dialect, withError);
    assert.match(textOf(body['messages']), /The tool reported an error\.\\nno such place/);
  });

  it('keeps reasoning_content for a compatible server', async () => {
    const { body, losses } = await sentBody(dialect, reasoned(sentTo(dialect), {}));
    assert.match(textOf(body['messages']), /"reasoning_content":"I look at 1\."/);
    assert.deepEqual(losses, []);
  });

  it('drops reasoning for OpenAI, which refuses it', async () => {
    const model = 'gpt-5.1';
    const { body, losses } = await sentBody(dialect, reasoned(sentTo(dialect, model), {}), {
      kind: 'openai',
      model,
    });
    assert.doesNotMatch(textOf(body), /I look at/);
    assert.deepEqual(losses, ['foreignReasoning']);
  });

  it('leaves out what a model of OpenAI refuses', async () => {
    const wishes: Prompt = {
      prompt: [user('Hello?')],
      temperature: 1,
      reasoning: 'high',
      stopSequences: ['x'],
    };
    const old = await sentBody(dialect, wishes, { kind: 'openai', model: 'gpt-4o' });
    assert.deepEqual([old.body['temperature'], old.body['reasoning_effort']], [1, undefined]);
    const reasoning = await sentBody(dialect, wishes, { kind: 'openai', model: 'o3' });
    const { temperature, reasoning_effort: effort, stop } = reasoning.body;
    assert.deepEqual([temperature, effort, stop], [undefined, 'high', undefined]);
    assert.deepEqual(reasoning.losses, ['modelOption (temperature)', 'modelOption (stopSequences)']);
  });

  it('treats a deployment of OpenAI as the facts about its model say', async () => {
    const wishes: Prompt = { prompt: [user('Hello?')], temperature: 1, reasoning: 'high' };
    for (const [model, reasons, sent] of [
      ['prod', undefined, [1, 'high']],
      ['prod', true, [undefined, 'high']],
      ['prod', false, [1, undefined]],
      ['gpt-4-prod', true, [undefined, 'high']],
      ['gpt-oss-120b', true, [1, 'high']],
    ] as const) {
      const { body } = await sentBody(dialect, wishes, {
        kind: 'azure',
        model,
        ...(reasons === undefined ? {} : { reasons }),
      });
      assert.deepEqual([body['temperature'], body['reasoning_effort']], sent, `${model} ${reasons}`);
    }
  });
});

describe('fitAnthropic', () => {
  const dialect = 'anthropic-messages';

  it('keeps a system message in the middle at Anthropic itself', async () => {
    const { body } = await sentBody(dialect, middle);
    const messages = body['messages'] as { role: string }[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'system', 'user'],
    );
  });

  it('makes it a user message for another server with the protocol', async () => {
    const { body } = await sentBody(dialect, middle, { kind: 'anthropic-compatible' });
    const messages = body['messages'] as { role: string }[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
    assert.match(textOf(messages[2]), /<system>\\nBe kind\./);
  });

  it('keeps an image in a tool result, and the mark of an error', async () => {
    const image = await sentBody(dialect, withImage);
    assert.match(textOf(image.body['messages']), /"type":"image","source":\{"type":"base64"/);
    const error = await sentBody(dialect, withError);
    assert.match(textOf(error.body['messages']), /"is_error":true/);
  });

  it('keeps thinking with its signature', async () => {
    const { body, losses } = await sentBody(
      dialect,
      reasoned(sentTo(dialect), { anthropic: { signature: 'c2ln' } }),
    );
    assert.match(textOf(body['messages']), /"type":"thinking","thinking":"I look at 1\.","signature":"c2ln"/);
    assert.deepEqual(losses, []);
  });

  it('drops reasoning that another target made', async () => {
    const { body, losses } = await sentBody(
      dialect,
      reasoned('acme/other', { anthropic: { signature: 'c2ln' } }),
    );
    assert.doesNotMatch(textOf(body), /I look at/);
    assert.deepEqual(losses, ['foreignReasoning']);
  });

  it('maps ids of calls that the API refuses, of the call and of its result alike', async () => {
    const id = 'functions.look:0';
    const prompt: Prompt = {
      tools,
      prompt: [
        user('Look.'),
        { role: 'assistant', content: [call(id)] },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: id, toolName: 'look', output: { type: 'text', value: 'ok' } },
          ],
        },
      ],
    };
    const { body } = await sentBody(dialect, prompt);
    const ids = [...textOf(body).matchAll(/"(?:id|tool_use_id)":"([^"]+)"/g)].map((match) => match[1] ?? '');
    assert.equal(ids.length, 2);
    assert.equal(ids[0], ids[1]);
    assert.match(ids[0] ?? '', /^[A-Za-z0-9_-]{1,64}$/);
  });

  it('takes the tokens for thinking out of the limit, as the API counts them', async () => {
    const prompt: Prompt = {
      prompt: [user('Think.')],
      maxOutputTokens: 8_000,
      controls: { thinkingTokens: 4_000 },
    };
    const { body } = await sentBody(dialect, prompt);
    assert.equal(body['max_tokens'], 8_000);
    assert.deepEqual(body['thinking'], { type: 'enabled', budget_tokens: 4_000 });
  });

  it('asks for no thinking in a loop of tools that began without', async () => {
    const { body, losses } = await sentBody(dialect, {
      ...withError,
      maxOutputTokens: 8_000,
      reasoning: 'high',
    });
    assert.equal(body['thinking'], undefined);
    assert.deepEqual(losses, ['modelOption (reasoning)']);
  });

  it('keeps a mark for the cache, which other dialects drop with a loss', async () => {
    const marked: Prompt = {
      prompt: [
        {
          role: 'system',
          content: 'Be brief.',
          providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
        },
        user('Hello?'),
      ],
    };
    const kept = await sentBody(dialect, marked);
    assert.match(textOf(kept.body['system']), /"cache_control":\{"type":"ephemeral"\}/);
    assert.deepEqual(kept.losses, []);
    for (const other of ['openai-chat', 'openai-responses', 'google-generative'] as const) {
      const { body, losses } = await sentBody(other, marked);
      assert.doesNotMatch(textOf(body), /cache_?control/i, other);
      assert.deepEqual(losses, ['cacheControl'], other);
    }
  });
});

describe('fitResponses', () => {
  const dialect = 'openai-responses';

  it('keeps a system message in the middle', async () => {
    const { body } = await sentBody(dialect, middle);
    const input = body['input'] as { role: string }[];
    assert.deepEqual(
      input.map(({ role }) => role),
      ['developer', 'user', 'assistant', 'developer', 'user'],
    );
  });

  it('keeps an image in a tool result, and says in the text that one is an error', async () => {
    const image = await sentBody(dialect, withImage);
    assert.match(textOf(image.body['input']), /"type":"input_image","image_url":"data:image\/png;base64/);
    const error = await sentBody(dialect, withError);
    assert.match(textOf(error.body['input']), /"output":"The tool reported an error\.\\nno such place"/);
  });

  it('keeps reasoning with its encrypted content', async () => {
    const options = { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'c2ln' } };
    const { body, losses } = await sentBody(dialect, reasoned(sentTo(dialect), options));
    assert.match(textOf(body['input']), /"type":"reasoning","id":"rs_1","encrypted_content":"c2ln"/);
    assert.deepEqual(losses, []);
  });

  it('stores nothing, whatever the options are', async () => {
    const { body } = await sentBody(dialect, {
      prompt: [user('Hello?')],
      controls: { parallelToolCalls: false, verbosity: 'low' },
    });
    assert.deepEqual(
      [body['store'], body['parallel_tool_calls'], body['text']],
      [false, false, { verbosity: 'low' }],
    );
  });
});

describe('every fit', () => {
  for (const dialect of [
    'openai-chat',
    'openai-responses',
    'anthropic-messages',
    'google-generative',
  ] as const)
    it(`asks a model that does not think for no thinking, in ${dialect}`, async () => {
      for (const wish of [{ reasoning: 'high' }, { controls: { thinkingTokens: 2_000 } }] as const) {
        const prompt: Prompt = { prompt: [user('Hello?')], maxOutputTokens: 8_000, ...wish };
        const asked = await sentBody(dialect, prompt);
        assert.match(JSON.stringify(asked.body), /effort|thinking/);
        const { body, losses } = await sentBody(dialect, prompt, { reasons: false });
        assert.doesNotMatch(JSON.stringify(body), /effort|thinking/);
        assert.deepEqual(losses, ['modelOption (reasoning)']);
      }
      const plain = await sentBody(
        dialect,
        { prompt: [user('Hello?')], reasoning: 'none' },
        { reasons: false },
      );
      assert.deepEqual(plain.losses, []);
    });

  const dialects = ['openai-chat', 'openai-responses', 'anthropic-messages', 'google-generative'] as const;

  it('shortens names of tools that are too long, and gives the names back', async () => {
    const name = `mcp__${'a'.repeat(80)}`;
    const prompt: Prompt = {
      prompt: [user('Look.')],
      tools: [{ type: 'function', name, inputSchema: { type: 'object', properties: {} } }],
      toolChoice: { type: 'tool', toolName: name },
    };
    for (const dialect of dialects) {
      const { body } = await sentBody(dialect, prompt);
      const names = [...textOf(body).matchAll(/"name":"([^"]+)"/g)].map((match) => match[1] ?? '');
      assert.ok(names.length > 0, dialect);
      for (const each of names) assert.match(each, /^[A-Za-z0-9_-]{1,64}$/, dialect);
    }
  });

  it('sends a schema of the answer', async () => {
    const schema: JSONSchema7 = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
    for (const dialect of dialects) {
      const { body } = await sentBody(dialect, {
        prompt: [user('Answer.')],
        responseFormat: { type: 'json', schema },
      });
      assert.match(textOf(body), /"a":\{"type":"(?:string|STRING)"\}/, dialect);
    }
  });
});
