import type { PassThroughPrompt, Target } from '../../guard/call.ts';
import { tokensOfBytes } from '../../guard/estimate.ts';
import type { AttemptReport, SentPart } from '../../guard/sender-port.ts';
import type { Quirks } from '../dialects/quirks.ts';
import type { OwnFields } from '../transport/learnt-quirks.ts';
import { passThroughFormat } from '../dialects/dialects.ts';
import type { AnswerPiece } from '../stream/answer-watch.ts';
import { createWire, type WireAnswer, type WireOptions } from '../transport/wire.ts';
import { passThroughBodyFor } from './passthrough-body.ts';

export interface PassThroughRequest {
  readonly prompt: PassThroughPrompt;
  readonly target: Target;
  /** As the provider calls it. */
  readonly model: string;
  readonly baseUrl: string;
  readonly quirks: Quirks;
  /** Called with what the request has that its client did not ask for. */
  readonly onOwnFields: (own: OwnFields) => void;
  readonly wire: Omit<WireOptions, 'wants' | 'passThrough'>;
}

/**
 * Sends a pass-through prompt: the client's bytes out, the provider's bytes back, watched by the wire. An answer in one
 * piece comes when it is whole and good, so that the guard can retry until then.
 */
export async function* sendPassThrough(
  request: PassThroughRequest,
): AsyncGenerator<SentPart, AttemptReport, void> {
  const { prompt, target, baseUrl } = request;
  const format = passThroughFormat(prompt.dialect);
  if (format === undefined) throw new TypeError(`${prompt.dialect} cannot be passed through`);
  const model = format.modelInPath?.(request.model) ?? request.model;
  const other = prompt.operation === undefined ? undefined : format.operations?.[prompt.operation];
  if (prompt.operation !== undefined && other === undefined)
    throw new TypeError(`${prompt.dialect} has no ${prompt.operation}`);
  const ordinary = prompt.streams ? (format.streamPath ?? format.path) : format.path;
  const { path, answerMembers } = other ?? { path: ordinary };
  const { outputLimit, streamOptions } = request.quirks;
  const { body, hidesUsage, ownLimit } = passThroughBodyFor(
    prompt,
    format,
    model,
    outputLimit,
    streamOptions,
  );
  request.onOwnFields({ asksForUsage: hidesUsage, outputLimit: ownLimit, systemRole: false });
  const wants = prompt.streams ? 'stream' : 'whole';
  const wire = createWire({ ...request.wire, wants, passThrough: { hidesUsage, answerMembers } });
  try {
    const headers = { ...prompt.headers, 'content-type': 'application/json' };
    const answer = wire.send(baseUrl + path.replace('{model}', () => model), {
      method: 'POST',
      headers,
      body,
    });
    for (let piece = await nextOf(answer); piece !== undefined; piece = await nextOf(answer)) {
      const { bytes, contentBytes, contentHasBegun, isMarker } = piece;
      const { handedOn: headers } = await answer;
      const part = { type: 'bytes', bytes, tokens: tokensOfBytes(contentBytes), target, headers } as const;
      yield {
        part: isMarker === true ? { ...part, isMarker } : part,
        content: contentHasBegun,
      };
    }
    return await wire.ended();
  } finally {
    // The reader stopped early. This has no effect on an exchange that has ended.
    wire.stop({ kind: 'aborted' });
  }
}

/** The next piece of the body; undefined where it ends or breaks off. */
async function nextOf(sent: Promise<WireAnswer>): Promise<AnswerPiece | undefined> {
  try {
    const { body } = await sent;
    return await body.read();
  } catch {
    // The wire's report says why the body broke off.
    return undefined;
  }
}
