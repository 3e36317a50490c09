import type { Bench, Contender } from './bench.ts';
import { startWays, type Way, type Ways } from './gateway/contenders.ts';

/** The same thing done by both gateways, with the direct way taken off, or beside them. */
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
    return direct === 'takenOff'
      ? { ours, peers: [portkey], baseline, dispose }
      : { ours, peers: [baseline, portkey], dispose };
  };
}

const atOnce = (count: number) => (way: Way) =>
  Promise.all(Array.from({ length: count }, () => way.ask('short', 'end')));

export const benches: Bench[] = [
  {
    name: 'gateway, time added to a request, 1 connection',
    unit: 'µs',
    goal: { atMost: 0.33, timesPeer: 'portkey' },
    opsPerRound: 5,
    prepare: compared(atOnce(1), 'takenOff'),
  },
  {
    name: 'gateway, time added to 32 requests on 32 connections',
    unit: 'µs',
    goal: { atMost: 0.33, timesPeer: 'portkey' },
    opsPerRound: 1,
    prepare: compared(atOnce(32), 'takenOff'),
  },
  {
    name: 'gateway, time added to the first token',
    unit: 'µs',
    goal: { atMost: 500 },
    opsPerRound: 5,
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
