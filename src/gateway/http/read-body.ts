import type { IncomingMessage, ServerResponse } from 'node:http';
import { endLongTurn, gateOf, type SocketGate } from '../../providers/stream/socket-gate.ts';
import { ByteCollector } from '../../shared/byte-collector.ts';
import type { Clock } from '../../shared/clock.ts';
import { gatewayLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { ByteBudget } from './byte-budget.ts';
import { stopping, type GatewayError } from './gateway-error.ts';

export interface BodyLimits {
  readonly maxBodyBytes: number;
  /** How long the body may take. */
  readonly bodyMs: number;
}

/** Checks the body's headers before any of it is read. */
export function checkBodyHeaders(
  { headers }: IncomingMessage,
  { maxBodyBytes }: BodyLimits,
): GatewayError | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    return { status: 415, code: 'not_json', message: 'Send the body as application/json.' };
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    return { status: 415, code: 'encoded', message: 'Send the body without a content-encoding.' };
  }
  return Number(headers['content-length'] ?? 0) > maxBodyBytes ? tooLarge(maxBodyBytes) : undefined;
}

/** What becomes of the bytes of a body. */
interface Reader {
  readonly take: (chunk: Uint8Array) => void;
  readonly end: (how: 'whole' | 'cut') => void;
}

const dropping: Reader = { take: () => undefined, end: () => undefined };

/**
 * The body of a request, collected from the moment the request arrives. Node.js would keep up to 64 KiB of each
 * request that waits, with an object for each chunk.
 */
export class RequestBody {
  readonly #announced: number;
  readonly #gate: SocketGate;
  readonly #waiting = new ByteCollector();
  #ended: 'whole' | 'cut' | undefined;
  #reader: Reader | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#announced = Number(request.headers['content-length'] ?? 0);
    this.#gate = gateOf(request.socket);
    // The request is read from the next tick on.
    this.#gate.hold('message');
    process.nextTick(() => {
      if (this.#waiting.length < gatewayLimits.waitingBodyBytes) this.#gate.release('message');
    });
    const end = (how: 'whole' | 'cut') => {
      if (this.#ended !== undefined) return;
      this.#ended = how;
      this.#gate.release('message');
      this.#reader?.end(how);
    };
    request
      .on('data', (chunk: Buffer) => {
        endLongTurn();
        if (this.#reader === undefined) this.#keep(chunk);
        else this.#reader.take(chunk);
      })
      .once('end', () => {
        end('whole');
      })
      .once('close', () => {
        end('cut');
      });
    // Node.js reads the rest after the answer, so that the connection can be used again.
    response.once('close', () => {
      this.#reader = dropping;
      this.#waiting.clear();
      this.#gate.release('message');
    });
  }

  /**
   * Reads it once. Stops if it is too large or too slow, or if the signal aborts. Never rejects. The bytes are taken
   * from `budget`. Give them back after the last use of the body.
   */
  read(
    { maxBodyBytes, bodyMs }: BodyLimits,
    budget: ByteBudget,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<Result<Buffer, GatewayError>> {
    return new Promise((resolve) => {
      const body = new ByteCollector(this.#announced <= maxBodyBytes ? this.#announced : 0);
      const finish = (result: Result<Buffer, GatewayError>) => {
        timer.dispose();
        signal.removeEventListener('abort', stop);
        this.#reader = dropping;
        if (!result.ok) {
          budget.give(body.length);
          this.#gate.hold('message');
        }
        resolve(result);
      };
      const take = (chunk: Uint8Array) => {
        if (body.length + chunk.length > maxBodyBytes) finish(err(tooLarge(maxBodyBytes)));
        else if (budget.take(chunk.length)) body.add(chunk);
        else finish(err(busy));
      };
      const end = (how: 'whole' | 'cut') => {
        finish(how === 'whole' ? ok(body.take()) : err(cut));
      };
      const stop = () => {
        finish(err(stopping));
      };
      const timer = clock.after(bodyMs, () => {
        const message = `The body did not arrive within ${bodyMs / 1_000} s.`;
        finish(err({ status: 408, code: 'slow_body', message }));
      });
      signal.addEventListener('abort', stop, { once: true });
      this.#reader = { take, end };
      take(this.#waiting.take());
      if (this.#reader === dropping) return;
      if (this.#ended === undefined) this.#gate.release('message');
      else end(this.#ended);
    });
  }

  #keep(chunk: Uint8Array): void {
    this.#waiting.add(chunk);
    if (this.#waiting.length >= gatewayLimits.waitingBodyBytes) this.#gate.hold('message');
  }
}

const cut: GatewayError = {
  status: 400,
  code: 'cut',
  message: 'The connection closed before the body was complete.',
};

const busy: GatewayError = {
  status: 503,
  code: 'busy',
  message: 'The requests in progress are too large together. Try again when one of them has ended.',
  headers: { 'retry-after': '1', 'x-should-retry': 'true' },
};

function tooLarge(maxBodyBytes: number): GatewayError {
  const message = `The body is larger than ${maxBodyBytes} bytes.`;
  return { status: 413, code: 'too_large', message };
}
