import type { Duplex } from 'node:stream';
import { sliceLimits } from '../../shared/limits.ts';
import { isTurnLong } from '../../shared/slices.ts';

/** Who does not want more from a socket for now: the reader of a message, the requests that wait, or this turn. */
export type Holder = 'message' | 'requests' | 'turn';

const gates = new WeakMap<Duplex, SocketGate>();
const open = new Set<SocketGate>();
let isTurnOver = false;

/** The gate of this socket. Ask for it before the socket is read. */
export function gateOf(socket: Duplex): SocketGate {
  const known = gates.get(socket);
  if (known !== undefined) return known;
  const gate = new SocketGate(socket);
  gates.set(socket, gate);
  open.add(gate);
  socket.once('close', () => open.delete(gate));
  return gate;
}

/**
 * Reads no more in this turn of the event loop if it has taken long: call it for each chunk. One turn may bring dozens
 * of reads of 64 KiB from each socket, and one read ten thousand chunks, each of which takes Node.js a microsecond or two.
 */
export function endLongTurn(): void {
  if (isTurnOver || !isTurnLong()) return;
  isTurnOver = true;
  for (const gate of open) gate.hold('turn');
  setImmediate(() => {
    isTurnOver = false;
    for (const gate of open) gate.release('turn');
  });
}

/**
 * Holds back what a socket would read. To pause a message does not do that: until 64 KiB are waiting, Node.js reads on,
 * and keeps an object for each chunk.
 */
export class SocketGate {
  readonly #socket: Duplex;
  readonly #holders = new Set<Holder>();

  constructor(socket: Duplex) {
    this.#socket = socket;
    pushInPieces(socket);
    // Node.js resumes it at the end of each message, and for a message that is read.
    socket.on('resume', () => {
      if (this.#holders.size > 0) socket.pause();
    });
  }

  hold(holder: Holder): void {
    this.#holders.add(holder);
    this.#socket.pause();
  }

  release(holder: Holder): void {
    if (this.#holders.delete(holder) && this.#holders.size === 0) this.#socket.resume();
  }
}

/** A read of 64 KiB goes to the parser of HTTP in pieces, so that the socket can be paused between them. */
function pushInPieces(socket: Duplex): void {
  const push = socket.push.bind(socket);
  const { parsedAtOnceBytes } = sliceLimits;
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (!(chunk instanceof Uint8Array) || chunk.length <= parsedAtOnceBytes) return push(chunk, encoding);
    let wantsMore = true;
    for (let at = 0; at < chunk.length; at += parsedAtOnceBytes)
      wantsMore = push(chunk.subarray(at, at + parsedAtOnceBytes));
    return wantsMore;
  };
}
