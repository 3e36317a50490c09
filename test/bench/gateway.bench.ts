import type { Bench, Contender, ReadOff, Row } from './bench.ts';
import { startWays, type Way, type Ways } from './gateway/contenders.ts';

/**
 * The same thing done by both gateways and by two that do nothing but pass on, with the direct way taken off, or beside
 * them. What these two need is the least that any gateway can.
 */
function compared(once: (way: Way) => Promise<unknown>, direct: 'takenOff' | 'beside'): Bench['prepare'] {
  return async () => {
    const ways = await startWays();
    const dispose = () => {
      ways.dispose();
    };
    const contender = (name: keyof Omit<Ways, 'dispose'>): Contender => ({
      name,
      once: () => once(ways[name]),
    });
    const [ours, portkey, baseline] = [contender('callguard'), contender('portkey'), contender('direct')];
    const floors = [contender('proxy'), contender('pipe')];
    return direct === 'takenOff'
      ? { ours, peers: [portkey, ...floors], baseline, dispose }
      : { ours, peers: [baseline, portkey, ...floors], dispose };
  };
}

const atOnce = (count: number) => (way: Way) =>
  Promise.all(Array.from({ length: count }, () => way.ask('short', 'end')));

/** Of the 64 connections that Callguard's gateway takes. */
const heldStreams = 60;
const timesInMemory = 3;

/** By how much the process grows that answers, from when it has answered some to when it holds that many. */
async function memoryRows(): Promise<Row[]> {
  const grown: Record<'callguard' | 'portkey' | 'proxy', number[]> = {
    callguard: [],
    portkey: [],
    proxy: [],
  };
  for (let time = 0; time < timesInMemory; time++) {
    // Processes that have once held as many do not grow any more.
    const ways = await startWays();
    for (const name of ['callguard', 'portkey', 'proxy'] as const) {
      for (let warm = 0; warm < 50; warm++) await ways[name].ask('stream', 'end');
      const beforeKiB = ways[name].residentKiB();
      const release = await ways[name].hold(heldStreams);
      grown[name].push(ways[name].residentKiB() - beforeKiB);
      release();
    }
    ways.dispose();
  }
  const median = (some: number[]) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? NaN;
  const name = `gateway, memory for ${heldStreams} open streams`;
  const peers = { portkey: median(grown.portkey), proxy: median(grown.proxy) };
  return [{ name, unit: 'KiB', value: median(grown.callguard), goal: null, met: null, peers }];
}

export const benches: (Bench | ReadOff)[] = [
  { name: 'gateway, memory', rows: memoryRows },
  {
    name: 'gateway, time added to a request, 1 connection',
    unit: 'µs',
    goal: { atMost: 0.33, timesPeer: 'portkey' },
    opsPerRound: 20,
    prepare: compared(atOnce(1), 'takenOff'),
  },
  {
    name: 'gateway, time added to 32 requests on 32 connections',
    unit: 'µs',
    goal: { atMost: 0.33, timesPeer: 'portkey' },
    opsPerRound: 2,
    prepare: compared(atOnce(32), 'takenOff'),
  },
  {
    name: 'gateway, time added to the first token',
    unit: 'µs',
    goal: { atMost: 500 },
    opsPerRound: 20,
    prepare: compared((way) => way.ask('stream', 'first'), 'takenOff'),
  },
  {
    // 80 % of the throughput is 1.25 times the time.
    name: 'gateway, 8 MiB streamed',
    unit: 'µs',
    goal: { atMost: 1.25, timesPeer: 'direct' },
    opsPerRound: 1,
    prepare: compared((way) => way.ask('large', 'end'), 'beside'),
  },
];
