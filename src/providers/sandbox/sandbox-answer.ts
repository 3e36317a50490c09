import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { sandboxLimits } from '../../shared/limits.ts';
import type { SandboxBehaviour } from '../config/provider-entry.ts';

/** The only model that the sandbox lists. It also answers for any other. */
export const sandboxModel = 'echo';

const retryAfterSeconds = 5;

export interface SandboxPace {
  /** The pause between two words, in milliseconds. */
  readonly wordMs: number;
  /** The pause before the first word and between two words of a slow sandbox, in milliseconds. */
  readonly slowMs: number;
}

const requestSchema = z.object({
  model: z.string(),
  messages: z.array(
    z.object({
      role: z.string(),
      content: z.union([z.string(), z.array(z.object({ text: z.string().optional() }))]).nullish(),
    }),
  ),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).nullish(),
});

type ChatRequest = z.infer<typeof requestSchema>;

/** Answers one chat completion with this behaviour. Resolves when it is done or its client has disconnected. */
export async function answerChat(
  body: unknown,
  behaviour: SandboxBehaviour,
  pace: SandboxPace,
  response: ServerResponse,
): Promise<void> {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    sendError(response, 400, 'invalid_request_error', 'This is not a chat completion request.');
  } else if (behaviour === 'error') {
    sendError(response, 500, 'server_error', 'The sandbox is set to return errors.');
  } else if (behaviour === 'rate-limit') {
    response.setHeader('retry-after', retryAfterSeconds);
    response.setHeader('x-ratelimit-limit-requests', 1);
    response.setHeader('x-ratelimit-remaining-requests', 0);
    sendError(response, 429, 'rate_limit_exceeded', 'The sandbox is set to limit the rate of requests.');
  } else if (parsed.data.stream) {
    await streamAnswer(parsed.data, behaviour, pace, response);
  } else {
    const text = answerTo(parsed.data);
    const message = { role: 'assistant', content: text };
    sendJson(response, 200, {
      ...envelope(parsed.data, 'chat.completion'),
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: usageOf(parsed.data, text),
    });
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { message, type: code, code } });
}

async function streamAnswer(
  request: ChatRequest,
  behaviour: SandboxBehaviour,
  pace: SandboxPace,
  response: ServerResponse,
): Promise<void> {
  const text = answerTo(request);
  const words = text.match(/\s*\S+/g) ?? [];
  const isSlow = behaviour === 'slow';
  const common = envelope(request, 'chat.completion.chunk');
  const send = (fields: object) => response.write(`data: ${JSON.stringify({ ...common, ...fields })}\n\n`);
  const sendDelta = (delta: object, finish_reason: string | null = null) =>
    send({ choices: [{ index: 0, delta, finish_reason }] });

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  sendDelta({ role: 'assistant', content: '' });
  if (isSlow) await pause(pace.slowMs);
  for (const [index, word] of words.entries()) {
    if (response.destroyed) return;
    if (behaviour === 'cut' && index > words.length / 2) {
      response.destroy();
      return;
    }
    sendDelta({ content: word });
    await pause(isSlow ? pace.slowMs : pace.wordMs);
  }
  sendDelta({}, 'stop');
  if (request.stream_options?.include_usage === true) send({ choices: [], usage: usageOf(request, text) });
  response.end('data: [DONE]\n\n');
}

/** Does not keep the process alive; the client that waits for the answer does. */
function pause(ms: number): Promise<void> {
  return delay(ms, undefined, { ref: false });
}

function answerTo(request: ChatRequest): string {
  const { content } = request.messages.findLast(({ role }) => role === 'user') ?? {};
  // Agents put texts of their own before the question.
  const asked = textOf(Array.isArray(content) ? content.slice(-1) : content).trim();
  const quote =
    asked.length > sandboxLimits.quoteChars ? `${asked.slice(0, sandboxLimits.quoteChars)}…` : asked;
  return (
    "This is Callguard's sandbox. No provider was called, and nothing left this machine. " +
    (quote === '' ? 'Your question was empty.' : `You asked: “${quote}”`)
  );
}

function textOf(content: ChatRequest['messages'][number]['content']): string {
  if (content === undefined || content === null) return '';
  return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join(' ');
}

function envelope(request: ChatRequest, object: string) {
  return { id: 'sandbox', object, created: 0, model: request.model };
}

/** Counts each word as a token. It costs nothing. */
function usageOf(request: ChatRequest, text: string) {
  const wordsIn = (part: string) => part.match(/\S+/g)?.length ?? 0;
  const prompt_tokens = request.messages.reduce((sum, { content }) => sum + wordsIn(textOf(content)), 0);
  const completion_tokens = wordsIn(text);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
