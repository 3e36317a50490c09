import path from 'node:path';
import { startHeadless, type Headless } from '../support/headless.ts';
import { readRequest } from './conversation.ts';
import { startFront, type Front } from './front.ts';
import { startProviderMock, type ProviderMock } from './provider-mock.ts';
import { runTool, type ToolRun } from './run-tool.ts';
import type { ClientProtocol, Tool } from './tool.ts';

export const caseNames = ['plain', 'tool', 'image', 'cap', 'circuit', '429'] as const;
export type CaseName = (typeof caseNames)[number];

/** What a tool did in one case. */
export interface CaseResult {
  readonly verdict: 'ok' | 'failed' | 'not yet' | 'no images';
  readonly showed: string;
  /** From the tool's first request to the words; null if it never showed them. */
  readonly seconds: number | null;
  /** What the tool asked of Callguard, and Callguard of the provider. */
  readonly requests: number;
  readonly upstreamRequests: number;
}

/** What is to be shown within this time of the first request. */
const longestSeconds = 10;
/** A tool may take this long to start on a busy machine. */
const longestStartMs = 120_000;
const longestAfterMs = 30_000;
const mostUpstream = 3;

/** A provider that plays, one whose cap is used up, one that is broken, and one that asks for a pause. */
const variants = ['good', 'capped', 'broken', 'slow'] as const;
type Variant = (typeof variants)[number];

const variantOf: Readonly<Record<CaseName, Variant>> = {
  ...{ plain: 'good', tool: 'good', image: 'good' },
  ...{ cap: 'capped', circuit: 'broken', '429': 'slow' },
};

const settingsOf: Readonly<Record<ClientProtocol, (base: string) => object>> = {
  chat: (base) => ({ kind: 'openai-compatible', baseUrl: `${base}/v1` }),
  responses: (base) => ({ kind: 'openai-compatible', dialect: 'openai-responses', baseUrl: `${base}/v1` }),
  messages: (base) => ({ kind: 'anthropic-compatible', baseUrl: `${base}/v1` }),
  gemini: (base) => ({ kind: 'google', baseUrl: `${base}/v1beta` }),
};

/** The provider that speaks something else. */
export const others: Readonly<Record<ClientProtocol, ClientProtocol>> = {
  chat: 'messages',
  responses: 'messages',
  messages: 'chat',
  gemini: 'chat',
};

const shownBy: Readonly<Record<CaseName, RegExp>> = {
  plain: /Hello from the model/,
  tool: /The note says plum-4711/,
  image: /I see the image/,
  cap: /would exceed the cap of 0 requests a day/,
  circuit: /failed repeatedly, so its circuit is open/,
  '429': /is rate limiting|slow down, says the provider/,
};

/** Callguard between what counts and what plays the providers. Each tool has providers of its own. */
export interface World {
  readonly mock: ProviderMock;
  readonly headless: Headless;
  readonly front: Front;
  close(): Promise<void>;
}

export async function startWorld(tools: readonly Tool[]): Promise<World> {
  const mock = await startProviderMock();
  mock.answerWith({ status: 500, body: { error: { message: 'broken' } } }, '/broken');
  mock.answerWith(slowDown, '/slow');
  const all = tools.flatMap((tool) =>
    [tool.protocol, others[tool.protocol]].flatMap((speaks) =>
      variants.map((variant) => ({ id: providerOf(tool, speaks, variant), speaks, variant })),
    ),
  );
  const entries = all.map(({ id, speaks, variant }) => [
    id,
    {
      ...settingsOf[speaks](
        variant === 'broken' || variant === 'slow' ? `${mock.origin}/${variant}` : mock.origin,
      ),
      models: { list: ['m'] },
      ...(variant === 'capped' ? { limits: { requestsPerDay: 0 } } : {}),
    },
  ]);
  const headless = await startHeadless({
    settings: { 'callguard.providers': Object.fromEntries(entries) as object },
    env: Object.fromEntries(
      all.map(({ id }) => [
        `CALLGUARD_KEY_${id.toUpperCase().replaceAll('-', '_')}`,
        'sk-of-provider-0123456789',
      ]),
    ),
  });
  const front = await startFront(headless.origin);
  return {
    ...{ mock, headless, front },
    close: async () => {
      front.close();
      await headless.stop();
      await mock.close();
    },
  };
}

function providerOf({ id }: Tool, speaks: ClientProtocol, variant: Variant): string {
  return `${id}-${speaks}-${variant}`;
}

export async function runCase(
  { mock, headless, front }: World,
  tool: Tool,
  folder: string,
  name: CaseName,
  speaks: ClientProtocol,
): Promise<CaseResult> {
  if (name === 'image' && tool.images === 'none') return { ...nothing, verdict: 'no images' };
  const model = `${providerOf(tool, speaks, variantOf[name])}/m`;
  if (!(await isServed(headless, tool.protocol, `${providerOf(tool, speaks, 'good')}/m`)))
    return { ...nothing, verdict: 'not yet' };
  if (name === 'circuit') await openCircuit(headless, providerOf(tool, speaks, 'broken'));
  mock.seen.length = 0;
  front.callsMs.length = 0;
  const task = { origin: front.origin, token: headless.tokens.calls, model };
  return judge(name, await ask(tool, folder, name, task, mock, front), mock, front);
}

const nothing = { showed: '', seconds: null, requests: 0, upstreamRequests: 0 };
const slowDown = {
  status: 429,
  headers: { 'retry-after': '40' },
  body: { type: 'error', error: { type: 'rate_limit_error', message: 'slow down, says the provider' } },
};

async function ask(
  tool: Tool,
  folder: string,
  name: CaseName,
  address: { readonly origin: string; readonly token: string; readonly model: string },
  mock: ProviderMock,
  { callsMs }: Front,
): Promise<ToolRun> {
  const stop = new AbortController();
  const startMs = performance.now();
  const watch = setInterval(() => {
    const nowMs = performance.now();
    const [firstMs] = callsMs;
    const lastMs = firstMs === undefined ? startMs + longestStartMs : firstMs + longestAfterMs;
    if (nowMs > lastMs) stop.abort();
  }, 200);
  const run = await runTool(
    tool,
    (cwd) => {
      const file = name === 'image' ? 'red.png' : 'note.txt';
      mock.readWith(tool.read(path.join(cwd, file)));
      const reads = name === 'tool' || (name === 'image' && tool.images === 'read');
      return {
        ...address,
        prompt: reads ? `${readRequest} ${file}, and say what is in it.` : 'Say hello.',
        ...(name === 'image' && !reads ? { image: path.join(cwd, file) } : {}),
      };
    },
    { folder, signal: stop.signal, expected: shownBy[name], fence: 'http://127.0.0.1:9' },
  );
  clearInterval(watch);
  return run;
}

function judge(
  name: CaseName,
  { shownMs, output }: ToolRun,
  mock: ProviderMock,
  { callsMs }: Front,
): CaseResult {
  const upstreamRequests = mock.seen.filter(({ method }) => method === 'POST').length;
  const [firstMs = 0] = callsMs;
  const seconds = shownMs === undefined ? null : Math.round(Math.max(0, shownMs - firstMs) / 100) / 10;
  const isQuick = seconds !== null && seconds <= longestSeconds;
  const isOk = {
    ...{ plain: seconds !== null, tool: seconds !== null, image: seconds !== null },
    ...{ cap: isQuick && upstreamRequests === 0, circuit: isQuick && upstreamRequests === 0 },
    '429': isQuick && upstreamRequests <= mostUpstream * callsMs.length,
  }[name];
  const lines = output.split('\n').filter((text) => text.trim() !== '');
  const line = lines.find((text) => shownBy[name].test(text)) ?? lines.at(-1) ?? '';
  return {
    verdict: isOk ? 'ok' : 'failed',
    showed: line
      .trim()
      .replaceAll(/\/tmp\/\S+/g, '…')
      .slice(0, 200),
    ...{ seconds, requests: callsMs.length, upstreamRequests },
  };
}

/** A test of the provider, again and again, until its circuit is open. */
async function openCircuit(headless: Headless, provider: string): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const answer = await fetch(`${headless.origin}/api/llm/test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${headless.tokens.management}`, 'content-type': 'application/json' },
      body: JSON.stringify({ provider, model: 'm' }),
    });
    if ((await answer.text()).includes('circuit')) return;
  }
  throw new Error('the circuit did not open');
}

/** Whether the gateway has this path and reaches this provider from it. */
async function isServed(headless: Headless, protocol: ClientProtocol, model: string): Promise<boolean> {
  const { path: where, body } = {
    chat: { path: '/v1/chat/completions', body: { model, messages: [{ role: 'user', content: 'Hi' }] } },
    responses: { path: '/v1/responses', body: { model, input: 'Hi', store: false } },
    messages: {
      path: '/v1/messages',
      body: { model, max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] },
    },
    gemini: {
      path: `/v1beta/models/${model}:generateContent`,
      body: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    },
  }[protocol];
  const { status } = await fetch(headless.origin + where, {
    method: 'POST',
    headers: { authorization: `Bearer ${headless.tokens.calls}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return status !== 404 && status !== 400;
}
