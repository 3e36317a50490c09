import path from 'node:path';
import type { Headless } from '../support/headless.ts';
import { readRequest } from './conversation.ts';
import { runTool, type ToolRun } from './run-tool.ts';
import type { ClientProtocol, Tool } from './tool.ts';
import { hasToken, providerOf, slowSeconds, type Variant, type World } from './world.ts';

export const caseNames = ['plain', 'tool', 'image', 'cap', 'circuit', '429'] as const;
export type CaseName = (typeof caseNames)[number];

/** What a tool did in one case. */
export interface CaseResult {
  readonly verdict: 'ok' | 'failed' | 'waits' | 'no images';
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
const longestAfterMs = 45_000;
const mostUpstream = 3;

const variantOf: Readonly<Record<CaseName, Variant>> = {
  ...{ plain: 'good', tool: 'good', image: 'good' },
  ...{ cap: 'capped', circuit: 'broken', '429': 'slow' },
};

const shownBy: Readonly<Record<CaseName, RegExp>> = {
  plain: /Hello from the model/,
  tool: /The note says plum-4711/,
  image: /I see the image/,
  cap: /would exceed the cap of 0 requests a day/,
  circuit: /failed repeatedly, so its circuit is open/,
  '429': /is rate limiting|slow down, says the provider/,
};

export async function runCase(
  world: World,
  tool: Tool,
  folder: string,
  name: CaseName,
  speaks: ClientProtocol,
): Promise<CaseResult> {
  if (name === 'image' && tool.images === 'none')
    return { verdict: 'no images', showed: '', seconds: null, requests: 0, upstreamRequests: 0 };
  const { mock, headless, front } = world;
  const provider = providerOf(tool, speaks, variantOf[name]);
  const model = (name === 'image' ? tool.imageModel : undefined) ?? 'm';
  const waits = name === 'circuit' && !hasToken(tool);
  if (name === 'circuit') await openCircuit(headless, provider);
  // Else a client that waits would meet the next refusal.
  if (waits) world.repair(provider);
  mock.seen.length = 0;
  front.calls.length = 0;
  const task = { origin: front.origin, token: world.tokenOf(tool), model: `${provider}/${model}` };
  const expected = waits ? new RegExp(`${shownBy[name].source}|${shownBy.plain.source}`) : shownBy[name];
  return judge(name, expected, await ask(tool, folder, name, task, expected, world), world);
}

async function ask(
  tool: Tool,
  folder: string,
  name: CaseName,
  address: { readonly origin: string; readonly token: string; readonly model: string },
  expected: RegExp,
  { mock, front: { calls } }: World,
): Promise<ToolRun> {
  const stop = new AbortController();
  const startMs = performance.now();
  const watch = setInterval(() => {
    const nowMs = performance.now();
    const [first] = calls;
    const lastMs = first === undefined ? startMs + longestStartMs : first.atMs + longestAfterMs;
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
    { folder, signal: stop.signal, expected, fence: 'http://127.0.0.1:9' },
  );
  clearInterval(watch);
  return run;
}

function judge(
  name: CaseName,
  expected: RegExp,
  { shownMs, output }: ToolRun,
  { mock, front: { calls } }: World,
): CaseResult {
  const upstreamRequests = mock.seen.filter(({ method }) => method === 'POST').length;
  const firstMs = calls[0]?.atMs ?? 0;
  const seconds = shownMs === undefined ? null : Math.round(Math.max(0, shownMs - firstMs) / 100) / 10;
  const within = (longest: number) => seconds !== null && seconds <= longest;
  const isOk = {
    ...{ plain: seconds !== null, tool: seconds !== null, image: seconds !== null },
    cap: within(longestSeconds) && upstreamRequests === 0,
    circuit: within(longestSeconds) && upstreamRequests === 0,
    '429': within(slowSeconds + longestSeconds) && upstreamRequests <= mostUpstream * calls.length,
  }[name];
  const lines = output.split('\n').filter((text) => text.trim() !== '');
  const line = lines.find((text) => expected.test(text)) ?? lines.at(-1) ?? '';
  const isAnswer = expected.test(line) && !shownBy[name].test(line);
  const hasWaited = isAnswer && calls.length > 1 && upstreamRequests === 1;
  return {
    verdict: hasWaited ? 'waits' : isOk && !isAnswer ? 'ok' : 'failed',
    showed: line
      .trim()
      .replaceAll(/\/tmp\/\S+/g, '…')
      .slice(0, 200),
    ...{ seconds, requests: calls.length, upstreamRequests },
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
