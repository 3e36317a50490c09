import http from 'node:http';
import path from 'node:path';
import * as z from 'zod';
import { sleep, systemClock } from '../../../src/shared/clock.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { openLedgerIn } from '../../support/gateway-window.ts';
import { startHeadless, type Headless } from '../../support/headless.ts';
import { until } from '../../support/vscode/until.ts';
import { countsOf } from './mixed-counts.ts';
import { kinds, settingsFor, type Kind } from './mixed-requests.ts';
import { send, type Answered } from './mixed-send.ts';

export interface LoadPlan {
  readonly folder: string;
  readonly atOnce: number;
  /** Whether there shall be one more request, of which this is the number. */
  readonly goesOn: (number: number) => boolean;
}

export interface LoadReport {
  readonly requests: number;
  /** Ended without an answer and without an error, though their client had stayed; or never ended. */
  readonly lost: readonly string[];
  /** Answered otherwise than they should have been. */
  readonly wrong: readonly string[];
  /** In which the ledger differs from what was asked, sent and answered. */
  readonly miscounted: readonly string[];
  /** Of the gateway itself, which concerned no request. */
  readonly troubles: readonly string[];
  readonly holdsLeft: number;
  readonly socketsLeft: number;
  readonly grownKb: Growth;
}

/** Of the gateway's process in the second half of the load: in the first it still loads, compiles and fills caches. */
interface Growth {
  readonly heap: number;
  readonly rss: number;
}

/** Requests of all kinds, at random, over a gateway that is a process of its own; and what the ledger knows of them. */
export async function mixedLoad({ folder, atOnce, goesOn }: LoadPlan): Promise<LoadReport> {
  const upstream = await startFaultUpstream();
  const arrived = scriptByNumber(upstream);
  const headless = await startHeadless({
    settings: {
      'callguard.providers': settingsFor(upstream.baseUrl),
      // No call is refused because the machine is busy with other things.
      'callguard.ledger': { patience: 60 },
    },
    home: path.join(folder, 'home'),
  });
  const { store, dispose } = await openLedgerIn(headless.home);
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
  try {
    const { port, tokens } = headless;
    const answered: Answered[] = [];
    let next = 0;
    const inTurn = async () => {
      while (goesOn(next)) {
        const number = next++;
        answered.push(
          await send({ number, kind: kindOf(number), port, token: tokens.calls, agent, arrived }),
        );
        upstream.forget();
        // One provider does nothing but fail, and its breaker would open at last.
        if (number % 5_000 === 0) await store.override('mute', 'reset');
      }
    };
    const memory = watchMemory(headless);
    await Promise.all(Array.from({ length: atOnce }, inTurn));
    const counted = await countsOf(store, answered);
    const grownKb = await memory();
    await headless.stop();
    const givenUpMs = performance.now() + closingMs;
    const socketsLeft = await until(
      'the sockets to be closed',
      () => Promise.resolve(upstream.openSockets),
      (left) => left === 0 || performance.now() > givenUpMs,
      2 * closingMs,
    );
    return {
      requests: next,
      lost: answered.flatMap(({ what, lost }) => (lost === undefined ? [] : [`${what}: ${lost}`])),
      wrong: answered.flatMap(({ what, wrong }) => (wrong === undefined ? [] : [`${what}: ${wrong}`])),
      miscounted: counted,
      troubles: headless.log.split('\n').filter((line) => line.startsWith('[error]')),
      holdsLeft: store.usage.totals('0000', '9999', {}).heldRequests,
      socketsLeft,
      grownKb,
    };
  } finally {
    headless.kill();
    agent.destroy();
    dispose();
    await upstream.close();
  }
}

const memoryEveryMs = 2_000;
/** Sockets that are open for longer are left. */
const closingMs = 30_000;

/** Watches the memory of the process from now on; returns what reports its growth, once the load is over. */
function watchMemory(headless: Headless): () => Promise<Growth> {
  const over = new AbortController();
  const watching = (async () => {
    const seen = [(await headless.probe()).memory];
    while (!over.signal.aborted) {
      await sleep(systemClock, memoryEveryMs, over.signal);
      seen.push((await headless.probe()).memory);
    }
    return seen;
  })();
  // Told to whoever asks in the end.
  watching.catch(() => undefined);
  return async () => {
    over.abort();
    const seen = await watching;
    const [half, last] = [seen[Math.floor(seen.length / 2)], seen.at(-1)];
    const kb = (of: 'heapUsed' | 'rss') => Math.round(((last?.[of] ?? 0) - (half?.[of] ?? 0)) / 1024);
    return { heap: kb('heapUsed'), rss: kb('rss') };
  };
}

/** Spread evenly, and never in the same order twice; the same in every run. */
function kindOf(number: number): Kind {
  const round = Math.floor(number / kinds.length);
  const kind = kinds[(number * 7 + round * 3) % kinds.length];
  if (kind === undefined) throw new Error('unreachable');
  return kind;
}

const bodySchema = z.object({ messages: z.tuple([z.object({ content: z.string() })]) });

/** Lets each request have what its kind says, by the number in its message. Tells when one has come. */
function scriptByNumber(upstream: FaultUpstream): (number: number) => Promise<unknown> {
  const attempts = new Map<number, number>();
  const waiting = new Map<number, PromiseWithResolvers<undefined>>();
  const arrival = (number: number) => {
    const known = waiting.get(number) ?? Promise.withResolvers<undefined>();
    waiting.set(number, known);
    return known;
  };
  upstream.script(async (exchange) => {
    const { messages } = bodySchema.parse(JSON.parse(exchange.request.body));
    const number = Number(messages[0].content.slice(1));
    const attempt = attempts.get(number) ?? 0;
    attempts.set(number, attempt + 1);
    const script = kindOf(number).provider ?? [];
    const behaviour = script[Math.min(attempt, script.length - 1)];
    if (behaviour === undefined) throw new Error(`request ${number} must not reach the provider`);
    arrival(number).resolve(undefined);
    await behaviour(exchange);
  });
  return async (number) => {
    await arrival(number).promise;
    waiting.delete(number);
  };
}
