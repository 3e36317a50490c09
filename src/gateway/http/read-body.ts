import type { IncomingMessage } from 'node:http';
import { ByteCollector } from '../../shared/byte-collector.ts';
import type { Clock } from '../../shared/clock.ts';
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

/**
 * Reads a body. Stops reading if it is too large or too slow, or if the signal aborts. Never rejects. The bytes of the
 * body are taken from `budget`. Give them back when the body is no longer used.
 */
export function readBody(
  request: IncomingMessage,
  { maxBodyBytes, bodyMs }: BodyLimits,
  budget: ByteBudget,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<Buffer, GatewayError>> {
  return new Promise((resolve) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    const body = new ByteCollector(announced <= maxBodyBytes ? announced : 0);
    let taken = 0;
    const finish = (result: Result<Buffer, GatewayError>) => {
      timer.dispose();
      signal.removeEventListener('abort', stop);
      request.off('data', take).off('end', complete).off('close', broken).pause();
      if (!result.ok) budget.give(taken);
      resolve(result);
    };
    const take = (chunk: Buffer) => {
      if (body.length + chunk.length > maxBodyBytes) finish(err(tooLarge(maxBodyBytes)));
      else if (budget.take(chunk.length)) {
        body.add(chunk);
        taken = body.length;
      } else finish(err(busy));
    };
    const complete = () => {
      finish(ok(body.take()));
    };
    const broken = () => {
      finish(
        err({ status: 400, code: 'cut', message: 'The connection closed before the body was complete.' }),
      );
    };
    const stop = () => {
      finish(err(stopping));
    };
    const timer = clock.after(bodyMs, () => {
      const message = `The body did not arrive within ${bodyMs / 1_000} s.`;
      finish(err({ status: 408, code: 'slow_body', message }));
    });
    signal.addEventListener('abort', stop, { once: true });
    request.on('data', take).once('end', complete).once('close', broken);
  });
}

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
