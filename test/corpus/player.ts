import diagnostics from 'node:diagnostics_channel';
import type http from 'node:http';
import type { Socket } from 'node:net';
import { sleep, systemClock } from '../../src/shared/clock.ts';
import { JumpClock } from '../support/jump-clock.ts';
import { plain, type Variant } from './answer-bytes.ts';
import type { CorpusCase, Door } from './case-format.ts';
import { differences, finishDifferences, partDifferences } from './compare.ts';
import { memoryLedger, type OpenLedger } from './corpus-ledger.ts';
import { createOwnWorld } from './own-world.ts';
import { startUpstream, type CorpusUpstream } from './upstream.ts';

/** How long nothing happens before Callguard counts as waiting, for example for its next attempt. */
const idleMs = 50;
/** No wait of Callguard's own is longer in a case. Its deadlines are. */
const longestWaitMs = 25_000;

const beginning = 'http.client.request.start';

/** Plays cases through Callguard's own guard and gateway, with real sockets and a clock that jumps over silences. */
export interface Player {
  /** What is not as the case expects it, one line each. */
  play(wanted: CorpusCase, door: Door, variant?: Variant): Promise<string[]>;
  close(): Promise<void>;
}

/** `dayClock`: goes on from case to case. Without it each case has a clock of its own. */
export async function startPlayer(
  openLedger: OpenLedger = memoryLedger,
  dayClock?: JumpClock,
): Promise<Player> {
  let clock = new JumpClock();
  /** The client's end of each connection of this process, by its port. */
  const clients = new Map<number, Socket>();
  const onBegin = (message: unknown) => {
    const { request } = message as { request: http.ClientRequest };
    request.once('socket', (socket: Socket) => {
      const keep = () => {
        if (socket.localPort !== undefined) clients.set(socket.localPort, socket);
      };
      if (socket.connecting) socket.once('connect', keep);
      else keep();
    });
  };
  diagnostics.subscribe(beginning, onBegin);
  const upstream = await startUpstream(0, async (ms, socket) => {
    await received(socket, clients.get(socket.remotePort ?? 0));
    if (ms > 0) await clock.jump(ms);
  });
  return {
    play: async (wanted, door, variant = plain) => {
      clock = dayClock ?? new JumpClock();
      clients.clear();
      upstream.play(wanted.answers, variant);
      const ledger = await openLedger(clock);
      const world = createOwnWorld(wanted, upstream.origin, clock, ledger.ledger);
      const ended = new AbortController();
      // Unpacking takes time in which nothing is sent, and no such case has a wait to skip.
      const isPacked = wanted.answers.some(({ encoding }) => encoding !== undefined);
      const skipping = isPacked ? undefined : skipWaits(upstream, clock, ended.signal);
      try {
        const seen = await world.ask(door);
        const { expect } = wanted;
        const own = door === 'gateway' ? expect.atGateway : expect.ofPrompt;
        const { sameBytes, ...expected } = { ...expect.seen, ...own };
        // Other line breaks are other bytes.
        const isSame = sameBytes === undefined || variant.lineBreak !== '\n' ? {} : { sameBytes };
        return [
          ...differences({ ...expected, ...isSame }, seen, 'seen'),
          ...differences(expect.call ?? {}, ledger.lastCall(), 'call'),
          ...finishDifferences(door, seen, ledger.lastCall()),
          ...partDifferences(upstream.requests.at(-1)?.body ?? '', expect),
        ];
      } finally {
        ended.abort();
        await skipping;
        ledger.dispose();
      }
    },
    close: async () => {
      diagnostics.unsubscribe(beginning, onBegin);
      await upstream.close();
    },
  };
}

/** Waits until the client has everything that was written to it. */
async function received(server: Socket, client: Socket | undefined): Promise<void> {
  while (client !== undefined && !client.destroyed && client.bytesRead < server.bytesWritten) await turn();
  for (let turns = 0; turns < 5; turns += 1) await turn();
}

/** Jumps over the times in which nothing is sent, because Callguard waits before it tries again. */
async function skipWaits(upstream: CorpusUpstream, clock: JumpClock, ended: AbortSignal): Promise<void> {
  let quietMs = 0;
  let seen = 0;
  const stepMs = idleMs / 10;
  while (!ended.aborted) {
    await sleep(systemClock, stepMs, ended);
    const requests = upstream.requests.length;
    quietMs = upstream.running === 0 && requests === seen && requests > 0 ? quietMs + stepMs : 0;
    seen = requests;
    const { nextMs } = clock;
    if (quietMs > idleMs && nextMs !== undefined && nextMs <= longestWaitMs) await clock.jump(nextMs);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
