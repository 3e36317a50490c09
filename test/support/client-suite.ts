import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { anthropicEvents, goodAnthropicAnswer } from './dialect-events.ts';
import * as upstreams from './fault-upstream.ts';
import { hasCurl } from './curl.ts';
import { skipBecause } from './skip.ts';
import { until } from './vscode/until.ts';

const { answer, breakOff, chatEvents, goodAnswer, reply } = upstreams;
const run = promisify(execFile);
/** Settings of the provider under test, as a person writes them. */
const once = { retry: { retries: 0 } };
const noMoreToday = { limits: { requestsPerDay: 0 } };
const breaksAtOnce = { circuit: { failures: 1, cooldown: 300 } };

/** A gateway with a token of a tenant, and what its guard has recorded. */
export interface ServedGateway {
  readonly origin: string;
  readonly token: string;
  /** The calls since it was started, the oldest first. */
  records(): readonly RecordedCall[];
  /** How many calls have not settled. */
  openCalls(): number;
  stop(): Promise<void>;
}

export interface RecordedCall {
  readonly caller?: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/** What official clients do with a gateway of which they know only address and token. */
export function describeClients(
  startGateway: (providers: Readonly<Record<string, unknown>>) => Promise<ServedGateway>,
): void {
  describe('unmodified clients', () => {
    let upstream: upstreams.FaultUpstream;
    let trial: ServedGateway;

    beforeEach(async () => {
      upstream = await upstreams.startFaultUpstream();
    });
    afterEach(async () => {
      await recorded();
      await trial.stop();
      await upstream.close();
    });
    /** Clients of a stream are done at its last event, and the call a moment later. */
    const recorded = async () => {
      await until(
        'all calls to settle',
        () => Promise.resolve(trial.openCalls()),
        (open) => open === 0,
      );
      return trial.records();
    };

    const start = async (settings: object = {}) => {
      const { baseUrl } = upstream;
      trial = await startGateway({
        acme: { kind: 'openai-compatible', baseUrl, models: { list: ['m'], deny: ['denied'] }, ...settings },
        claude: { kind: 'anthropic-compatible', baseUrl, models: { list: ['c'] }, ...settings },
      });
    };
    /** How a call ends that has to fail: with an error of this class. */
    const failed = async <T extends Error>(
      call: PromiseLike<unknown>,
      kind: abstract new (...all: never[]) => T,
    ) => {
      try {
        await call;
      } catch (error) {
        assert.ok(error instanceof kind, String(error));
        return error;
      }
      throw new Error('it did not fail');
    };

    describe('the openai package', () => {
      const client = (apiKey = trial.token) => new OpenAI({ baseURL: `${trial.origin}/v1`, apiKey });
      const request = (model = 'acme/m') => ({
        model,
        messages: [{ role: 'user' as const, content: 'Hello?' }],
      });
      const say = (model?: string) => client().chat.completions.create(request(model));

      it('streams text, with the usage only if it asks for it', async () => {
        await start();
        for (const include_usage of [true, false]) {
          const stream = await client().chat.completions.create({
            ...request(),
            stream: true,
            ...(include_usage ? { stream_options: { include_usage } } : {}),
          });
          let text = '';
          let usage: number | undefined;
          for await (const chunk of stream) {
            text += chunk.choices[0]?.delta.content ?? '';
            usage = chunk.usage?.prompt_tokens ?? usage;
          }
          assert.deepEqual([text, usage], ['Hello world', include_usage ? 11 : undefined]);
        }
        assert.deepEqual(
          (await recorded()).map(({ usage }) => usage.inputTokens),
          [11, 11],
        );
        assert.deepEqual(
          (await recorded()).map(({ caller }) => caller),
          ['OpenAI', 'OpenAI'],
        );
      });

      it('reads an answer that does not stream, with its tool calls', async () => {
        await start();
        const tool_calls = [{ id: 't1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }];
        upstream.script(
          reply(200, {
            id: 'x',
            choices: [
              {
                index: 0,
                message: { role: 'assistant', content: null, tool_calls },
                finish_reason: 'tool_calls',
              },
            ],
          }),
        );
        const tools = [
          { type: 'function' as const, function: { name: 'add', parameters: { type: 'object' } } },
        ];
        const { choices } = await client().chat.completions.create({ ...request(), tools });
        assert.deepEqual(choices[0]?.message.tool_calls, tool_calls);
        const { body } = await upstream.request(0);
        assert.deepEqual((JSON.parse(body) as { tools: unknown }).tools, tools);
      });

      it('assembles tool calls from a stream', async () => {
        await start();
        const call = (fields: object) =>
          `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...fields }] } }] })}\n\n`;
        upstream.script(
          answer([
            chatEvents.role,
            call({ id: 't1', type: 'function', function: { name: 'add', arguments: '' } }),
            call({ function: { arguments: '{"a":' } }),
            call({ function: { arguments: '1}' } }),
            chatEvents.stop,
            chatEvents.done,
          ]),
        );
        const completion = await client().chat.completions.stream(request()).finalChatCompletion();
        const [made] = completion.choices[0]?.message.tool_calls ?? [];
        assert.ok(made?.type === 'function');
        assert.deepEqual([made.function.name, made.function.arguments], ['add', '{"a":1}']);
      });

      it('lists the models', async () => {
        await start();
        const names: string[] = [];
        for await (const { id } of client().models.list()) names.push(id);
        assert.deepEqual(names, ['acme/m', 'claude/c']);
      });

      it('throws its own errors for a wrong token, policy, an unknown model and a bad request', async () => {
        await start();
        upstream.script(reply(400, { error: { message: 'bad' } }));
        await failed(client('sk-wrong').chat.completions.create(request()), OpenAI.AuthenticationError);
        const denied = await failed(say('acme/denied'), OpenAI.BadRequestError);
        assert.equal(denied.code, 'policy');
        assert.equal((await failed(say('nothing'), OpenAI.BadRequestError)).code, 'model_not_found');
        assert.match((await failed(say(), OpenAI.BadRequestError)).message, /acme\/m: HTTP 400: bad/);
      });

      it('throws a rate limit error for a daily cap and does not retry', async () => {
        await start(noMoreToday);
        const error = await failed(say(), OpenAI.RateLimitError);
        assert.equal(error.code, 'cap');
        assert.equal(error.headers.get('x-ratelimit-remaining-requests'), '0');
        assert.equal((await recorded()).length, 1);
      });

      it('throws a server error for a failing provider and an open circuit and does not retry', async () => {
        await start({ ...once, ...breaksAtOnce });
        upstream.script(reply(500, { error: { message: 'broken' } }));
        assert.equal((await failed(say(), OpenAI.InternalServerError)).code, 'provider_error');
        assert.equal((await failed(say(), OpenAI.InternalServerError)).code, 'circuit_open');
        assert.deepEqual([upstream.seen.length, (await recorded()).length], [1, 2]);
      });

      it('retries after retry-after and succeeds', async () => {
        await start(once);
        upstream.script(
          reply(429, '', { 'retry-after': '1' }),
          reply(200, { choices: [{ message: { content: 'ok' } }] }),
        );
        const began = performance.now();
        const { choices } = await say();
        assert.equal(choices[0]?.message.content, 'ok');
        assert.ok(performance.now() - began > 950);
      });

      it('throws for an answer that breaks off, after its content', async () => {
        await start();
        upstream.script(breakOff(goodAnswer.slice(0, 2)));
        const stream = await client().chat.completions.create({ ...request(), stream: true });
        let text = '';
        const read = async () => {
          for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
        };
        assert.match((await failed(read(), OpenAI.APIError)).message, /cut off/);
        assert.equal(text, 'Hello');
      });
    });

    describe('the Anthropic package', () => {
      const client = (auth: { apiKey?: string; authToken?: string } = { apiKey: trial.token }) =>
        new Anthropic({ baseURL: trial.origin, apiKey: null, authToken: null, ...auth });
      const request = (model = 'claude/c') => ({
        model,
        max_tokens: 50,
        messages: [{ role: 'user' as const, content: 'Hello?' }],
      });

      for (const header of ['apiKey', 'authToken'] as const) {
        it(`streams text with the token as ${header}`, async () => {
          await start();
          upstream.script(answer(goodAnthropicAnswer));
          const message = await client({ [header]: trial.token })
            .messages.stream(request())
            .finalMessage();
          const [block] = message.content;
          assert.ok(block?.type === 'text');
          assert.deepEqual([block.text, message.usage.output_tokens], ['Hello world', 3]);
          assert.equal((await recorded())[0]?.usage.inputTokens, 11);
        });
      }

      it('assembles tool calls from a stream', async () => {
        await start();
        upstream.script(
          answer([
            anthropicEvents.start,
            anthropicEvents.block(0, { type: 'tool_use', id: 't1', name: 'add', input: {} }),
            anthropicEvents.delta(0, { type: 'input_json_delta', partial_json: '{"a":' }),
            anthropicEvents.delta(0, { type: 'input_json_delta', partial_json: '1}' }),
            anthropicEvents.endBlock(0),
            anthropicEvents.end('tool_use'),
            anthropicEvents.stop,
          ]),
        );
        const { content } = await client().messages.stream(request()).finalMessage();
        const [block] = content;
        assert.ok(block?.type === 'tool_use');
        assert.deepEqual([block.name, block.input], ['add', { a: 1 }]);
      });

      it('reads an answer that does not stream', async () => {
        await start();
        upstream.script(
          reply(200, {
            type: 'message',
            content: [{ type: 'text', text: 'ok' }],
            usage: { input_tokens: 2, output_tokens: 1 },
          }),
        );
        const { content } = await client().messages.create(request());
        assert.deepEqual(content, [{ type: 'text', text: 'ok' }]);
        assert.equal((await recorded())[0]?.usage.outputTokens, 1);
      });

      it('throws its own errors for a wrong token and an unknown model', async () => {
        await start();
        await failed(client({ apiKey: 'wrong' }).messages.create(request()), Anthropic.AuthenticationError);
        await failed(client().messages.create(request('nothing')), Anthropic.BadRequestError);
      });

      it('retries after retry-after and succeeds', async () => {
        await start(once);
        upstream.script(reply(429, '', { 'retry-after': '1' }), answer(goodAnthropicAnswer));
        const began = performance.now();
        const { stop_reason } = await client().messages.stream(request()).finalMessage();
        assert.equal(stop_reason, 'end_turn');
        assert.ok(performance.now() - began > 950);
      });

      it('throws for an answer that breaks off', async () => {
        await start();
        upstream.script(breakOff(goodAnthropicAnswer.slice(0, 5)));
        const error = await failed(client().messages.stream(request()).finalMessage(), Anthropic.APIError);
        assert.match(error.message, /cut off/);
      });

      it('lists the models', async () => {
        await start();
        const names: string[] = [];
        for await (const { id } of client().models.list()) names.push(id);
        assert.deepEqual(names, ['acme/m', 'claude/c']);
      });
    });

    describe('curl', () => {
      before(function () {
        if (!hasCurl()) skipBecause(this, 'curl is not installed');
      });

      const curl = async (path: string, ...args: readonly string[]) => {
        const token = ['-H', `authorization: Bearer ${trial.token}`];
        const { stdout } = await run('curl', [
          '-sS',
          '--noproxy',
          '*',
          '-w',
          '\n%{http_code}',
          ...token,
          ...args,
          trial.origin + path,
        ]);
        const lines = stdout.split('\n');
        return { status: Number(lines.pop()), text: lines.join('\n') };
      };
      const json = ['-H', 'content-type: application/json', '-d'];

      it('streams an answer', async () => {
        await start();
        const body = JSON.stringify({ model: 'acme/m', messages: [], stream: true });
        const { status, text } = await curl('/v1/chat/completions', '-N', ...json, body);
        assert.deepEqual(
          [status, text],
          [200, goodAnswer.filter((event) => !event.includes('"usage"')).join('')],
        );
      });

      it('sends a body after 100-continue', async () => {
        await start();
        const messages = [{ role: 'user', content: 'x'.repeat(100_000) }];
        const body = JSON.stringify({ model: 'acme/m', messages, stream: true });
        const { status } = await curl('/v1/chat/completions', ...json, body, '-H', 'expect: 100-continue');
        assert.equal(status, 200);
        assert.equal((await upstream.request(0)).body.includes('x'.repeat(100_000)), true);
      });
    });
  });
}
