import type { Socket } from 'node:net';
import type { Clock } from '../../shared/clock.ts';

/** How many times a client is checked within `stallMs`. */
const looks = 4;

/** Closes a connection if data waits for its client and the client reads none of it for `stallMs`. */
export function closeWhenStalled(socket: Socket, clock: Clock, stallMs: number): void {
  let taken = 0;
  let idleLooks = 0;
  const look = () => {
    const waiting = socket.writableLength;
    const takenNow = socket.bytesWritten - waiting;
    idleLooks = waiting > 0 && takenNow === taken ? idleLooks + 1 : 0;
    taken = takenNow;
    if (idleLooks < looks) timer = clock.after(stallMs / looks, look);
    else socket.destroy();
  };
  let timer = clock.after(stallMs / looks, look);
  socket.once('close', () => {
    timer.dispose();
  });
}
