import assert from 'node:assert/strict';
import path from 'node:path';
import { folder, letGoAfterEach } from '../integration/ledger/ledger-fixture.ts';
import { answer, startFaultUpstream, type Behaviour, type FaultUpstream } from '../support/fault-upstream.ts';
import { openLedgerIn } from '../support/gateway-window.ts';
import { startHeadless, type Headless } from '../support/headless.ts';
import { until } from '../support/vscode/until.ts';
import type { SeenWork } from '../support/work-watch.ts';
import { hostileBodies, post } from './hostile-bodies.ts';
import { hostileAnswers, hostileHeads, ordinary, startRawServer, type Asked } from './hostile-inputs.ts';

const mib = 1024 * 1024;
const chat = '/v1/chat/completions';
const goals = { hostileMs: 50, ordinaryMs: 20, memoryFactor: 3, memoryRest: 64 * mib } as const;
/** Kept sockets of a good exchange are closed after this. */
const closingMs = 30_000;
const ordinaryCalls = 8;

interface Line extends SeenWork {
  readonly name: string;
  /** That were under way at the same time. */
  readonly bytes: number;
  readonly statuses: string;
}

/** A provider per case, so that no circuit opens. */
function settingsFor(baseUrls: readonly string[]) {
  const rules = {
    retry: { retries: 0 },
    models: { list: ['m'] },
    timeouts: { headers: 20, firstContent: 20 },
  };
  const entries = baseUrls.map((baseUrl, at) => [`p${at}`, { kind: 'openai-compatible', baseUrl, ...rules }]);
  return { 'callguard.providers': Object.fromEntries([...entries, ['acme', entries[0]?.[1]]]) as object };
}

describe('hostile input', () => {
  letGoAfterEach();

  it('never blocks the thread for long, and takes memory for what is under way alone', async () => {
    const upstream = await startFaultUpstream();
    const cases = hostileAnswers.flatMap(({ asked, ...rest }) => asked.map((how) => ({ ...rest, how })));
    const raw = await Promise.all(hostileHeads.map(([, first, endless]) => startRawServer(first, endless)));
    const baseUrls = [
      ...cases.map(() => upstream.baseUrl),
      ...raw.map(({ port }) => `http://127.0.0.1:${port}/v1`),
    ];
    const headless = await startHeadless({
      settings: settingsFor(baseUrls),
      home: path.join(folder(), 'home'),
    });
    const lines: Line[] = [];
    try {
      await tryOne(headless, upstream);
      for (const [at, { name, how, bytes, behaviour }] of cases.entries()) {
        upstream.script(behaviour);
        lines.push(await watched(headless, `${name} (${how})`, bytes, () => [ask(headless, how, `p${at}`)]));
      }
      for (const [at, [name]] of hostileHeads.entries()) {
        const provider = `p${cases.length + at}`;
        lines.push(await watched(headless, `endless: ${name}`, 0, () => [ask(headless, 'whole', provider)]));
      }
      upstream.script(answer());
      for (const { name, atOnce, body, send = post } of hostileBodies) {
        const once = () => send(headless.port, chat, headless.tokens.calls, body);
        const run = () => Array.from({ length: atOnce }, once);
        lines.push(await watched(headless, `bodies: ${atOnce} × ${name}`, atOnce * body.length, run));
      }
      const day = await ordinaryDay(headless, upstream);
      const left = await whatIsLeft(headless, upstream);
      report([...lines, day], left);
      const troubles = headless.log.split('\n').filter((line) => line.startsWith('[error]'));
      assert.deepEqual([...lines, day].flatMap(problemsOf), []);
      assert.deepEqual([left.sockets, left.holds, troubles], [0, 0, []]);
      assert.ok(day.longestTurnMs <= goals.ordinaryMs, `ordinary work took ${day.longestTurnMs} ms`);
    } finally {
      headless.kill();
      await Promise.all(raw.map(({ close }) => close()));
      await upstream.close();
    }
  });
});

function ask(headless: Headless, how: Asked, provider: string): Promise<number> {
  const { port, tokens } = headless;
  if (how === 'own')
    return post(port, '/api/llm/test', tokens.management, Buffer.from(JSON.stringify({ provider })));
  const body = {
    model: `${provider}/m`,
    messages: [{ role: 'user', content: 'Hello?' }],
    stream: how === 'stream',
  };
  return post(port, chat, tokens.calls, Buffer.from(JSON.stringify(body)));
}

async function watched(
  headless: Headless,
  name: string,
  bytes: number,
  run: () => readonly Promise<number>[],
): Promise<Line> {
  await headless.watchWork();
  const statuses = await Promise.all(run());
  return { ...(await headless.seenWork()), name, bytes, statuses: [...new Set(statuses)].join() };
}

/** Loads the code and warms it up. */
async function tryOne(headless: Headless, upstream: FaultUpstream): Promise<void> {
  upstream.script(answer());
  for (let turns = 0; turns < 20; turns++)
    for (const how of ['stream', 'own'] as const) await ask(headless, how, 'acme');
}

async function ordinaryDay(headless: Headless, upstream: FaultUpstream): Promise<Line> {
  const behaviour: Behaviour = ordinary;
  upstream.script(behaviour);
  const content = 'An ordinary sentence of a long prompt. '.repeat(5_000);
  const body = Buffer.from(
    JSON.stringify({ model: 'acme/m', messages: [{ role: 'user', content }], stream: true }),
  );
  const call = async () => {
    let status = 0;
    for (let calls = 0; calls < 5; calls++)
      status = await post(headless.port, chat, headless.tokens.calls, body);
    return status;
  };
  const bytes = ordinaryCalls * body.length;
  return watched(headless, `ordinary work, ${ordinaryCalls} calls at once`, bytes, () =>
    Array.from({ length: ordinaryCalls }, call),
  );
}

async function whatIsLeft(headless: Headless, upstream: FaultUpstream) {
  const { store, dispose } = await openLedgerIn(headless.home);
  try {
    const sockets = await until(
      'the sockets to be closed',
      async () => (await headless.seenWork()).sockets + upstream.openSockets,
      (open) => open === 0,
      closingMs,
    ).catch(async () => (await headless.seenWork()).sockets);
    return { sockets, holds: store.usage.totals('0000', '9999', {}).heldRequests };
  } finally {
    dispose();
  }
}

function problemsOf({ name, longestTurnMs, bytes, peakMemory, memoryBefore }: Line): string[] {
  const most = goals.memoryFactor * bytes + goals.memoryRest;
  return [
    ...(longestTurnMs > goals.hostileMs ? [`${name}: ${longestTurnMs} ms`] : []),
    ...(peakMemory - memoryBefore > most ? [`${name}: ${inMib(peakMemory - memoryBefore)} MiB`] : []),
  ];
}

function inMib(bytes: number): string {
  return (bytes / mib).toFixed(0);
}

function report(lines: readonly Line[], left: { sockets: number; holds: number }): void {
  console.log('    longest turn   CPU       memory over bytes under way   status   input');
  for (const line of lines) {
    const { name, longestTurnMs, cpuMs, peakMemory, memoryBefore, bytes, statuses } = line;
    const memory = `${inMib(peakMemory - memoryBefore)} MiB over ${inMib(bytes)} MiB`;
    const met = problemsOf(line).length === 0 ? '' : '   GOAL NOT MET';
    console.log(
      `    ${longestTurnMs.toFixed(1).padStart(9)} ms${cpuMs.toFixed(0).padStart(7)} ms   ${memory.padEnd(30)}` +
        `${statuses.padEnd(9)}${name}${met}`,
    );
  }
  const longest = Math.max(...lines.map(({ longestTurnMs }) => longestTurnMs));
  console.log(
    `    longest turn of all ${longest.toFixed(1)} ms (goal ${goals.hostileMs}, in ordinary work ${goals.ordinaryMs}); ` +
      `sockets left ${left.sockets}, holds left ${left.holds}`,
  );
}
