import type { Socket } from 'node:net';
import type { Clock } from '../../shared/clock.ts';

/** How many times a client is checked within `stallMs`. */
const checks = 4;

/** Closes a connection if data waits for its client and the client reads none of it for `stallMs`. */
export function closeWhenStalled(socket: Socket, clock: Clock, stallMs: number): void {
  let taken = 0;
  let idleChecks = 0;
  const check = () => {
    const waiting = socket.writableLength;
    const takenNow = socket.bytesWritten - waiting;
    idleChecks = waiting > 0 && takenNow === taken ? idleChecks + 1 : 0;
    taken = takenNow;
    if (idleChecks < checks) timer = clock.after(stallMs / checks, check);
    else socket.destroy();
  };
  let timer = clock.after(stallMs / checks, check);
  socket.once('close', () => {
    timer.dispose();
  });
}
