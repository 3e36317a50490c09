import assert from 'node:assert/strict';
import type { PassThroughPrompt, Prompt } from '../../../src/guard/call.ts';
import type { ProviderEntry } from '../../../src/providers/config/provider-entry.ts';
import { createSender } from '../../../src/providers/transport/sender.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { callOf, guardWith, hear } from '../../support/guard-fixture.ts';
import { bodyOf } from '../../support/request-body.ts';
import { provider, senderOptions } from '../../support/sender.ts';

const { answer, reply } = upstreams;

const prompt: Prompt = {
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hello?' }] },
  ],
  maxOutputTokens: 50,
  temperature: 0.2,
  topP: 0.9,
};

const forbidden = (name: string) => ({
  type: 'extra_forbidden',
  loc: ['body', name],
  msg: 'Extra inputs are not permitted',
});

/** How servers refuse a field, from public reports. */
const refusals: readonly [from: string, field: string, status: number, body: object][] = [
  [
    'vLLM',
    'stream_options',
    400,
    {
      object: 'error',
      message:
        "[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted', 'input': {}}]",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
  ],
  [
    'Fireworks',
    'stream_options',
    400,
    {
      error: {
        object: 'error',
        type: 'invalid_request_error',
        message: "Extra inputs are not permitted, field: 'stream_options'",
      },
    },
  ],
  ['FastAPI', 'stream_options', 422, { detail: [forbidden('stream_options')] }],
  ['a server in Go', 'stream_options', 400, { error: 'json: unknown field "stream_options"' }],
  [
    'Google',
    'stream_options',
    400,
    {
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: 'Invalid JSON payload received. Unknown name "stream_options": Cannot find field.',
      },
    },
  ],
  [
    'OpenAI',
    'max_tokens',
    400,
    {
      error: {
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        type: 'invalid_request_error',
        param: 'max_tokens',
        code: 'unsupported_parameter',
      },
    },
  ],
  [
    'Copilot',
    'max_tokens',
    400,
    {
      error: {
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        code: 'invalid_request_body',
      },
    },
  ],
  [
    'Mistral',
    'max_completion_tokens',
    422,
    {
      object: 'error',
      message: { detail: [forbidden('max_completion_tokens')] },
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
  ],
  [
    'Azure AI',
    'max_completion_tokens',
    400,
    {
      error: {
        code: 400,
        message: 'Validation error at #/max_completion_tokens: Extra inputs are not permitted',
      },
    },
  ],
  [
    'OpenAI, of a role',
    'system',
    400,
    {
      error: {
        message: "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        type: 'invalid_request_error',
        param: 'messages[0].role',
        code: 'unsupported_value',
      },
    },
  ],
  [
    'vLLM with Gemma',
    'system',
    400,
    {
      object: 'error',
      message: 'System role not supported',
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
  ],
  [
    'a gateway before Google',
    'system',
    400,
    {
      error: {
        message: 'Developer instruction is not enabled for models/gemma-3-27b-it',
        type: '',
        param: '',
        code: 400,
      },
    },
  ],
];

type Body = Readonly<Record<string, unknown>> & { readonly messages?: readonly { readonly role: string }[] };

const takes: Readonly<Record<string, (body: Body) => boolean>> = {
  stream_options: (body) => body['stream_options'] === undefined,
  max_tokens: (body) => body['max_tokens'] === undefined && body['max_completion_tokens'] === 50,
  max_completion_tokens: (body) => body['max_completion_tokens'] === undefined && body['max_tokens'] === 50,
  system: ({ messages = [] }) => messages.every(({ role }) => role !== 'system'),
};

describe('quirks', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const guarded = (entry: Partial<ProviderEntry> = {}) => {
    const config = provider({ kind: 'openai-compatible', baseUrl: upstream.baseUrl, ...entry });
    const { guard } = guardWith(
      [],
      { retry: { retries: 2, baseMs: 1, capMs: 1, budgetShare: 1, budgetFloor: 10 } },
      { sender: createSender(senderOptions(config)), clock: systemClock },
      config,
    );
    return async (asked: Prompt | PassThroughPrompt = prompt) =>
      (await hear(guard.run(callOf({ prompt: asked })))).result;
  };
  const bodies = () => upstream.seen.map(({ body }) => JSON.parse(body) as Body);

  for (const [from, field, status, body] of refusals) {
    it(`sends ${field} in another way once ${from} has refused it, and remembers that`, async () => {
      // The kind that uses the newer name of the limit.
      const call = guarded(field === 'max_completion_tokens' ? { kind: 'openai' } : {});
      const isTaken = takes[field];
      assert.ok(isTaken !== undefined);
      upstream.script(reply(status, body), answer());
      const result = await call();
      assert.deepEqual([result.kind, result.attempts], ['done', 2]);
      const again = await call();
      assert.deepEqual([again.kind, again.attempts], ['done', 1]);
      assert.deepEqual(bodies().map(isTaken), [false, true, true]);
      assert.ok('learntQuirks' in again);
      assert.equal(Object.keys(again.learntQuirks ?? {}).length, 1);
    });
  }

  it('keeps the text of a system message whose role is refused', async () => {
    const call = guarded({ quirks: { systemRole: false } });
    await call({
      prompt: [
        ...prompt.prompt,
        { role: 'assistant', content: [{ type: 'text', text: 'Hi.' }] },
        { role: 'system', content: 'Be kind.' },
      ],
    });
    const messages = bodies()[0]?.messages as { role: string; content: unknown }[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
    assert.match(JSON.stringify(messages[0]?.content), /Be brief\..*Hello\?/);
    assert.match(JSON.stringify(messages[2]?.content), /Be kind\./);
  });

  it('learns several fields from one answer', async () => {
    const call = guarded({ kind: 'openai' });
    const detail = [forbidden('stream_options'), forbidden('max_completion_tokens')];
    upstream.script(reply(422, { object: 'error', message: { detail } }), answer());
    assert.equal((await call()).attempts, 2);
    const [, second] = bodies();
    assert.deepEqual([second?.['stream_options'], second?.['max_tokens']], [undefined, 50]);
  });

  it('does not go on when a server refuses both names of the limit', async () => {
    const call = guarded();
    upstream.script(
      reply(400, unknownField('max_tokens')),
      reply(400, unknownField('max_completion_tokens')),
    );
    const result = await call();
    assert.deepEqual([result.kind, result.attempts], ['failed', 2]);
  });

  it('takes a value that is too large for no refusal of the field', async () => {
    for (const message of [
      'max_tokens is too large: 50000. This model supports at most 16384 completion tokens.',
      'max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens',
      "This model's maximum context length is 8192 tokens, however you requested 9000 with max_tokens.",
    ]) {
      const call = guarded();
      upstream.script(reply(400, { error: { message, type: 'invalid_request_error', param: 'max_tokens' } }));
      assert.equal((await call()).attempts, 1, message);
    }
  });

  it('never changes what the settings say', async () => {
    const call = guarded({ quirks: { streamOptions: true, outputLimit: 'max_tokens', systemRole: true } });
    for (const [, , status, body] of refusals) {
      upstream.script(reply(status, body));
      assert.equal((await call()).attempts, 1);
    }
  });

  it('leaves temperature and top_p out where the settings say so', async () => {
    await guarded()();
    await guarded({ quirks: { temperature: false } })();
    assert.deepEqual(
      bodies().map(({ temperature, top_p: topP }) => [temperature, topP]),
      [
        [0.2, 0.9],
        [undefined, undefined],
      ],
    );
  });

  describe('of a pass-through prompt', () => {
    const passThrough = (json: string, maxOutputTokens?: number): PassThroughPrompt => ({
      dialect: 'openai-chat',
      body: bodyOf(json),
      headers: {},
      streams: true,
      inputTokens: 20,
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    });

    it("renames the limit that strict caps set, and never the client's own", async () => {
      const refused = reply(400, unknownField('max_tokens'));
      const call = guarded();
      upstream.script(refused, answer());
      const ours = await call(passThrough('{"model":"m","stream":true}', 50));
      assert.deepEqual([ours.kind, ours.attempts], ['done', 2]);
      assert.deepEqual(
        bodies().map((body) => [body['max_tokens'], body['max_completion_tokens']]),
        [
          [50, undefined],
          [undefined, 50],
        ],
      );
      upstream.script(refused);
      const theirs = await guarded()(passThrough('{"model":"m","stream":true,"max_tokens":7}', 7));
      assert.deepEqual([theirs.kind, theirs.attempts], ['failed', 1]);
      assert.equal(bodies().at(-1)?.['max_tokens'], 7);
    });

    it("never changes the client's own stream_options, roles or temperature", async () => {
      const client =
        '{"model":"m","stream":true,"stream_options":{"include_usage":true},"temperature":1,"messages":[{"role":"system","content":"x"}]}';
      for (const quirks of [{}, { systemRole: false, temperature: false, streamOptions: false }]) {
        for (const field of ['stream_options', 'temperature']) {
          upstream.forget();
          upstream.script(reply(400, unknownField(field)));
          const result = await guarded({ quirks })(passThrough(client));
          assert.deepEqual([result.kind, result.attempts], ['failed', 1]);
          assert.equal(upstream.seen[0]?.body, client.replace('"m"', '"small"'));
        }
      }
    });
  });
});

function unknownField(field: string): object {
  return {
    error: { message: `Unknown parameter: '${field}'.`, type: 'invalid_request_error', param: field },
  };
}
