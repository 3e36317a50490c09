import { bodies, connections, frames, noBody, tails, types } from './http-matrix-bodies.ts';
import {
  hosts,
  methods,
  origins,
  routes,
  targets,
  tokens,
  versions,
  type Context,
  type Part,
  type TokenKind,
  type Verdict,
} from './http-matrix.ts';

export interface MatrixRequest {
  readonly id: string;
  /** `good`: it must be let in. `bad`: it must not. */
  readonly verdict: Verdict;
  /** Whether it is a call of the provider, which the upstream sees by the id. */
  readonly isCall: boolean;
  /** What is not ordinary in it. */
  readonly oddities: readonly string[];
  readonly bytes: Buffer;
  /** Where the bytes are sent in two pieces. */
  readonly splitAt: number;
  /** The request has no end, so the client ends its half of the connection. */
  readonly isCut: boolean;
}

/** Mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface LineEnd {
  readonly line: string;
  readonly before: string;
  readonly end: string;
}

const lineEnds: readonly Part<LineEnd>[] = [
  { verdict: 'good', name: 'CRLF', make: { line: '\r\n', before: '', end: '\r\n' } },
  { verdict: 'may', name: 'LF', make: { line: '\n', before: '', end: '\n' } },
  { verdict: 'may', name: 'CRLF before', make: { line: '\r\n', before: '\r\n\r\n', end: '\r\n' } },
  { verdict: 'bad', name: 'CR', make: { line: '\r', before: '', end: '\r' } },
  { verdict: 'bad', name: 'no end of the head', make: { line: '\r\n', before: '', end: '' } },
  { verdict: 'bad', name: 'blank before', make: { line: '\r\n', before: ' ', end: '\r\n' } },
];

/** How often a request has this many parts of any kind; the others are good. */
const oddShares = [0.1, 0.4, 0.3, 0.2];
const dimensions = [
  'method',
  'target',
  'version',
  'line ends',
  'host',
  'origin',
  'token',
  'connection',
  'type',
  'body',
  'frame',
] as const;

type Dimension = (typeof dimensions)[number];

/** Draws the requests of a matrix. The same seed gives the same requests. */
export class MatrixDraw {
  readonly #random: () => number;
  readonly #port: number;
  readonly #tokens: Readonly<Record<TokenKind, string>>;
  #count = 0;

  constructor(seed: number, port: number, grants: Readonly<Record<TokenKind, string>>) {
    this.#random = randomFrom(seed);
    this.#port = port;
    this.#tokens = grants;
  }

  next(): MatrixRequest {
    this.#count += 1;
    const route = this.#oneOf(routes);
    const context: Context = { port: this.#port, id: `m${this.#count}`, tokens: this.#tokens, route };
    const isCall = route.method === 'POST';
    const odd = this.#oddDimensions();
    const drawn: Part<unknown>[] = [];
    const draw = <T>(what: Dimension, some: readonly Part<T>[]): T => {
      const part = this.#oneOf(odd.has(what) ? some : some.filter(({ verdict }) => verdict === 'good'));
      // A path that needs no token may refuse a wrong one.
      const verdict = what === 'token' && route.needs === undefined ? 'may' : part.verdict;
      drawn.push({ ...part, verdict, name: `${what} ${part.name}` });
      return part.make;
    };
    const method = draw('method', methods)(route);
    const target = draw('target', targets)(context);
    const version = draw('version', versions);
    const { line, before, end } = draw('line ends', lineEnds);
    const groups = [
      draw('host', hosts),
      draw('origin', origins),
      draw('token', tokens),
      draw('connection', connections),
    ];
    if (isCall) groups.push(draw('type', types));
    const body = isCall ? Buffer.from(draw('body', bodies)(context)) : Buffer.alloc(0);
    const frame = draw('frame', isCall ? frames : [noBody])(body);
    // What follows could be the end that a head lacks.
    const tail = this.#random() < 0.05 && end !== '' ? this.#oneOf(tails) : tails[0];
    if (tail !== undefined) drawn.push({ ...tail, name: `then ${tail.name}` });
    const lines = this.#shuffled([...groups.map((group) => group(context)), frame.lines]).flat();
    const head = before + [`${method} ${target} ${version}`.trimEnd(), ...lines].join(line) + line + end;
    const bytes = Buffer.concat([
      Buffer.from(head, 'latin1'),
      frame.bytes,
      Buffer.from(tail?.make(context) ?? ''),
    ]);
    return {
      id: context.id,
      verdict: verdictOf(drawn),
      isCall,
      oddities: drawn.filter(({ verdict }) => verdict !== 'good').map(({ name }) => name),
      bytes,
      splitAt: this.#random() < 0.1 ? Math.floor(this.#random() * bytes.length) : 0,
      isCut: frame.isCut === true || end !== '\r\n',
    };
  }

  #oddDimensions(): ReadonlySet<Dimension> {
    let left = this.#random();
    const count = oddShares.findIndex((share) => (left -= share) < 0);
    return new Set(Array.from({ length: Math.max(0, count) }, () => this.#oneOf(dimensions)));
  }

  #oneOf<T>(some: readonly T[]): T {
    return some[Math.floor(this.#random() * some.length)] as T;
  }

  #shuffled<T>(some: readonly T[]): T[] {
    return some
      .map((one) => ({ one, at: this.#random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  }
}

function verdictOf(drawn: readonly Part<unknown>[]): Verdict {
  if (drawn.some(({ verdict }) => verdict === 'bad')) return 'bad';
  return drawn.some(({ verdict }) => verdict === 'may') ? 'may' : 'good';
}
