/** One of those that are measured side by side. */
export interface Contender {
  readonly name: string;
  /** Does the measured thing once. */
  readonly once: () => Promise<unknown>;
  /** Takes back what that left behind; not measured. */
  readonly tidy?: () => Promise<unknown>;
}

export interface Prepared {
  readonly ours: Contender;
  readonly peers: readonly Contender[];
  /** What would take its time in any case: taken off the figures of all others, at each quantile. */
  readonly baseline?: Contender;
  readonly dispose?: () => void;
}

export interface Bench {
  readonly name: string;
  readonly unit: 'µs';
  /** In words, with what it is measured by: a bound of ours, or of ours against one peer. */
  readonly goal: { readonly atMost: number; readonly timesPeer?: string };
  /** By the clock, or by what this thread alone has worked. The usual is the clock. */
  readonly measures?: 'clock' | 'thread';
  /** Fewer than usual for what takes long. */
  readonly opsPerRound?: number;
  readonly prepare: () => Promise<Prepared>;
}

/** What is not timed here, but read off elsewhere. */
export interface ReadOff {
  readonly name: string;
  readonly rows: () => Promise<Row[]>;
}

/** One line of the table, and of the JSON. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly goal: string | null;
  readonly met: boolean | null;
  readonly peers: Readonly<Record<string, number>>;
}

const warmUpRounds = 10;
const rounds = 60;
const usualOpsPerRound = 50;

/** Measures a bench in interleaved rounds, so that whatever else the machine does hits all contenders alike. */
export async function measure(bench: Bench): Promise<Row[]> {
  const { opsPerRound = usualOpsPerRound, measures = 'clock' } = bench;
  const nowUs = measures === 'clock' ? () => performance.now() * 1_000 : threadUs;
  const { ours, peers, baseline, dispose } = await bench.prepare();
  const contenders = [ours, ...peers, ...(baseline === undefined ? [] : [baseline])];
  const samples = contenders.map((): number[] => []);
  try {
    for (let round = -warmUpRounds; round < rounds; round++) {
      for (const [n, { once, tidy }] of contenders.entries()) {
        for (let op = 0; op < opsPerRound; op++) {
          const startUs = nowUs();
          await once();
          const tookUs = nowUs() - startUs;
          if (round >= 0) samples[n]?.push(tookUs);
          await tidy?.();
        }
      }
    }
  } finally {
    dispose?.();
  }
  const at = (share: number): [number, Record<string, number>] => {
    const quantiles = samples.map((some) => quantile(some, share));
    const spent = baseline === undefined ? 0 : (quantiles.at(-1) ?? NaN);
    const [value = NaN, ...others] = quantiles.map((some) => some - spent);
    return [value, Object.fromEntries(peers.map(({ name }, n) => [name, others[n] ?? NaN]))];
  };
  const [median, peerMedians] = at(0.5);
  const [p99, peerP99s] = at(0.99);
  const { atMost, timesPeer } = bench.goal;
  const bound = timesPeer === undefined ? atMost : atMost * (peerMedians[timesPeer] ?? NaN);
  const goal = timesPeer === undefined ? `≤ ${atMost} ${bench.unit}` : `≤ ${atMost} × ${timesPeer}`;
  const { name, unit } = bench;
  return [
    { name: `${name}, median`, unit, value: median, goal, met: median <= bound, peers: peerMedians },
    { name: `${name}, p99`, unit, value: p99, goal: null, met: null, peers: peerP99s },
  ];
}

function threadUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** A row of its own, held against a bound of ours if it has one. */
export function judged(what: Pick<Row, 'name' | 'unit'>, value: number, atMost?: number): Row {
  if (atMost === undefined) return { ...what, value, goal: null, met: null, peers: {} };
  return { ...what, value, goal: `≤ ${atMost} ${what.unit}`, met: value <= atMost, peers: {} };
}

export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
