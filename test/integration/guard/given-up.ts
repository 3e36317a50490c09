import type { CallResult } from '../../../src/guard/call-state.ts';
import {
  chatEvents,
  goodAnswer,
  stall,
  type Behaviour,
  type SeenRequest,
} from '../../support/fault-upstream.ts';
import { callTo, startWorld, type World } from './faulty-world.ts';

export interface Aftermath {
  readonly streams: number;
  /** Of these, how many ended otherwise than as given up. */
  readonly otherwise: number;
  readonly socketsLeft: number;
  readonly holdsLeft: number;
  /** Audit rows of calls that were given up. */
  readonly audited: number;
  /** From the moment of giving up until the provider saw its socket closed, of the slowest. */
  readonly slowestCloseMs: number;
  /** Of the heap and all else that the process holds, between the first tenth of the streams and the last. */
  readonly grownKb: { readonly heap: number; readonly rss: number };
}

/** Where an answer stands still when its user goes away. */
const standstills: readonly Behaviour[] = [
  stall(),
  stall([chatEvents.role]),
  stall(goodAnswer.slice(0, 2)),
  stall(goodAnswer.slice(0, 5)),
];

/** Streams that their users give up: by the signal, or by not reading on. `collect` runs the garbage collector. */
export async function giveUp(streams: number, atOnce: number, collect: () => void): Promise<Aftermath> {
  const world = await startWorld();
  const standing: Standing = new Map();
  world.upstream.script(async (exchange) => {
    const { model } = JSON.parse(exchange.request.body) as { model: string };
    await standstillOf(model)?.(exchange);
    standing.get(model)?.resolve(exchange.request);
    standing.delete(model);
  });
  let next = 0;
  let otherwise = 0;
  let slowestCloseMs = 0;
  const round = async (upTo: number) => {
    const giveUpInTurn = async () => {
      while (next < upTo) {
        const { kind, closeMs } = await giveUpOne(world, standing, `m-${next++}`);
        if (kind !== 'aborted') otherwise += 1;
        slowestCloseMs = Math.max(slowestCloseMs, closeMs);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, giveUpInTurn));
    await world.upstream.idle();
    world.upstream.forget();
    collect();
    return process.memoryUsage();
  };
  try {
    const before = await round(streams / 10);
    const after = await round(streams);
    const { audit, admissions } = world.window.tables;
    const given = audit
      .latest('call', streams + 1)
      .filter(({ body }) => body.includes('"outcome":"aborted"'));
    return {
      streams,
      otherwise,
      socketsLeft: world.upstream.openSockets,
      holdsLeft: admissions.callsAtOnce({}),
      audited: given.length,
      slowestCloseMs,
      grownKb: { heap: kb(after.heapUsed - before.heapUsed), rss: kb(after.rss - before.rss) },
    };
  } finally {
    await world.close();
  }
}

function kb(bytes: number): number {
  return Math.round(bytes / 1024);
}

type Standing = Map<string, PromiseWithResolvers<SeenRequest>>;

const numberOf = (model: string) => Number(model.slice('m-'.length));
const standstillOf = (model: string) => standstills[numberOf(model) % standstills.length];

async function giveUpOne({ guard }: World, standing: Standing, model: string) {
  const stands = Promise.withResolvers<SeenRequest>();
  standing.set(model, stands);
  const abort = new AbortController();
  const parts: AsyncIterator<unknown, CallResult, void> = guard.run(callTo(model, abort.signal));
  const first = parts.next();
  const { closed } = await stands.promise;
  // Without content the first part never comes, and nothing but the signal ends the wait for it.
  const hasContent = numberOf(model) % standstills.length >= 2;
  if (hasContent) await first;
  const startMs = performance.now();
  let kind = 'aborted';
  if (hasContent && numberOf(model) % 8 < 4) await parts.return?.();
  else {
    abort.abort();
    let end = await first;
    while (end.done !== true) end = await parts.next();
    kind = end.value.kind;
  }
  return { kind, closeMs: (await closed) - startMs };
}
