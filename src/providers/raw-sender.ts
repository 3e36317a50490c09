import type { RawPrompt, Target } from '../guard/call.ts';
import { tokensOfBytes } from '../guard/estimate.ts';
import type { Outcome } from '../guard/outcome.ts';
import type { SentPart } from '../guard/sender.ts';
import type { CatalogueRow } from './catalogue.ts';
import { ContentMeter } from './content-meter.ts';
import { rawBodyFor } from './raw-body.ts';
import { RawEvents } from './raw-events.ts';
import { createWire, type Verdict, type WireAnswer, type WireOptions } from './wire.ts';

export interface RawRequest {
  readonly prompt: RawPrompt;
  readonly target: Target;
  readonly baseUrl: string;
  readonly outputLimit: CatalogueRow['outputLimit'] | undefined;
  readonly wire: WireOptions;
}

/** Where the dialects that can be spoken raw take a request. */
export const rawPaths: Readonly<Record<string, string>> = {
  'openai-chat': '/chat/completions',
  'anthropic-messages': '/messages',
};

/** One exchange of a raw prompt: the client's bytes out, the provider's bytes back, under the eyes of the wire. */
export async function* sendRaw(request: RawRequest): AsyncGenerator<SentPart, Verdict, void> {
  const { prompt, target, baseUrl } = request;
  const path = rawPaths[prompt.dialect];
  if (path === undefined) throw new TypeError(`nobody sends ${prompt.dialect} as it is`);
  const meter = new ContentMeter();
  const wire = createWire({ ...request.wire, meter });
  const partOf = (bytes: Uint8Array): SentPart => ({
    part: { type: 'bytes', bytes, tokens: tokensOfBytes(meter.take()), target },
    content: meter.hasBegun,
  });
  try {
    const { body, hidesUsage } = rawBodyFor(prompt, target.model, request.outputLimit);
    const headers = { ...prompt.headers, 'content-type': 'application/json' };
    const answer = wire.send(baseUrl + path, { method: 'POST', headers, body });
    const chunks = bodyOf(answer);
    if (prompt.streams) {
      const events = new RawEvents(hidesUsage);
      for await (const chunk of chunks) {
        for (const bytes of events.push(chunk)) yield partOf(bytes);
      }
      const verdict = judged(await wire.verdict(), 'eventStream');
      const rest = verdict.outcome.kind === 'complete' ? events.end() : new Uint8Array();
      if (rest.length > 0) yield partOf(rest);
      return verdict;
    }
    // Nothing is shown before all of it is there and good, so it can be repeated until then.
    const whole: Uint8Array[] = [];
    for await (const chunk of chunks) whole.push(chunk);
    const verdict = judged(await wire.verdict(), 'json');
    if (verdict.outcome.kind === 'complete') {
      const bytes = Buffer.concat(whole);
      const tokens = tokensOfBytes(bytes.length);
      yield { part: { type: 'bytes', bytes, tokens, target }, content: true };
    }
    return verdict;
  } finally {
    // The reader went away: without effect on an exchange that has ended.
    wire.stop({ kind: 'aborted' });
  }
}

/** What came of the body. Where it breaks off it ends. */
async function* bodyOf(sent: Promise<WireAnswer>): AsyncGenerator<Uint8Array, void, void> {
  try {
    const { body } = await sent;
    for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) yield chunk;
  } catch {
    // Why there is no more of it is the verdict's to say.
  }
}

/** A good answer in the other form than the one asked for would mean nothing to the client. */
function judged(verdict: Verdict, wanted: Verdict['format']): Verdict {
  if (verdict.outcome.kind !== 'complete' || verdict.format === wanted) return verdict;
  const how = wanted === 'json' ? 'it was streamed' : 'it was not streamed';
  const outcome: Outcome = { kind: 'malformed', message: `the answer was not understood: ${how}` };
  return { ...verdict, outcome };
}
