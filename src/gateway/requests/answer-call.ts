import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Call, PassThroughPart, Target } from '../../guard/call.ts';
import type { CallResult } from '../../guard/call-state.ts';
import type { Guard } from '../../guard/guard.ts';
import { readAnswer } from '../../guard/read-answer.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import type { Clock } from '../../shared/clock.ts';
import { gatewayLimits } from '../../shared/limits.ts';
import { failureError } from '../refusals/failure-answer.ts';
import { errorEvent, type GatewayError } from '../http/gateway-error.ts';
import type { PassedProtocol } from './passthrough-request.ts';
import type { RateLimitWaits } from '../refusals/rate-limit-waits.ts';
import { refusalError, type StatusRules } from '../refusals/refusal-answer.ts';
import type { TranslatedReply } from '../protocols/translated-reply.ts';

export interface CallAnswer {
  readonly call: Call;
  readonly protocol: PassedProtocol;
  readonly streams: boolean;
  readonly response: ServerResponse;
  readonly rules: StatusRules;
  readonly waits: RateLimitWaits;
  /** Writes the parts of a translated answer. */
  readonly reply?: TranslatedReply;
  /** An answer of the gateway's own to a call that had none. Undefined if the error is the answer. */
  readonly instead?: (result: CallResult) => Uint8Array | undefined;
}

/**
 * Runs a call and writes its answer: a stream while it arrives, no faster than the client reads. The end marker of a
 * stream, or an answer in one piece, is written once the call has settled, because the client may send the next call
 * at once. Returns the error if nothing was written yet. A later error goes into the stream.
 */
export async function answerCall(
  { call, protocol, streams, response, rules, waits, reply, instead }: CallAnswer,
  { guard, clock }: { readonly guard: Pick<Guard, 'run'>; readonly clock: Clock },
): Promise<GatewayError | undefined> {
  const send = async ({ bytes, target, headers }: PassThroughPart) => {
    // The client has left. The guard has the same signal and ends the call.
    if (response.destroyed) return;
    if (!response.headersSent) {
      response.writeHead(200, {
        'content-type': streams ? 'text/event-stream; charset=utf-8' : 'application/json',
        'cache-control': 'no-store',
        'x-callguard-model': headerText(nameOf(target)),
        ...headers,
        ...(streams ? {} : { 'content-length': bytes.length }),
      });
    }
    await write(response, bytes, call.signal);
  };
  let last: PassThroughPart | undefined;
  const result = await readAnswer(guard.run(call), async (part) => {
    if (part.type !== 'bytes') {
      if (reply === undefined) throw new TypeError(`a pass-through call was answered with ${part.type}`);
      const text = reply.part(part);
      if (text !== '' && reply.target !== undefined) await send(bytesOf(text, reply.target));
      return;
    }
    if (streams && part.isMarker !== true) await send(part);
    else last = part;
  });
  if (result.kind === 'done' && reply?.isUsed === true) last = bytesOf(reply.end(result), result.target);
  const own = result.kind === 'done' ? undefined : instead?.(result);
  if (own !== undefined) last = { type: 'bytes', bytes: own, tokens: 0, target: result.target };
  const hasWaited = waits.record(result);
  const error = own === undefined ? errorOf(result, clock.nowMs(), rules, hasWaited) : undefined;
  if (!response.headersSent && error !== undefined) return error;
  if (last !== undefined) await send(last);
  if (error !== undefined) response.write(errorEvent(error, protocol));
  response.end();
  return undefined;
}

function bytesOf(text: string, target: Target): PassThroughPart {
  return { type: 'bytes', bytes: Buffer.from(text), tokens: 0, target };
}

/** Escapes all other characters as in a URL, because a header can only carry ASCII. */
function headerText(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x20-\x7e]/gu, encodeURIComponent);
}

/** Writes in pieces, so that a slow client does not look like one that reads nothing. */
async function write(response: ServerResponse, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const { writeBytes } = gatewayLimits;
  for (let at = 0; at < bytes.length && !response.destroyed; at += writeBytes) {
    if (!response.write(bytes.subarray(at, at + writeBytes))) await drained(response, signal);
  }
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal });
  } catch (error) {
    // The guard has the same signal and ends the call.
    if (!signal.aborted) throw error;
  }
}

function errorOf(
  result: CallResult,
  nowMs: number,
  rules: StatusRules,
  hasWaited: boolean,
): GatewayError | undefined {
  switch (result.kind) {
    case 'done':
      return undefined;
    case 'refused':
      return forTool(refusalError(result.refusal, nowMs, rules, hasWaited), rules);
    case 'failed':
      return forTool(failureError(result.target, result.failure, result, rules, hasWaited), rules);
    case 'aborted':
      return { status: 503, code: 'stopped', message: 'The call was stopped.' };
  }
}

/**
 * Hides from the tool what makes it repeat the request, unless it is to repeat it. What a provider says about the
 * request stays as it is: tools read from it how long a prompt may be, and shorten theirs.
 */
function forTool(error: GatewayError, { tool }: StatusRules): GatewayError {
  const isFinal = error.headers?.['x-should-retry'] !== 'true' && error.code !== 'provider_rejected';
  return isFinal && tool?.repeatsOn !== undefined ? { ...error, repeatsOn: tool.repeatsOn } : error;
}
