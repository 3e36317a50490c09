import type { PassThroughPrompt, Target } from '../../guard/call.ts';
import { tokensOfBytes } from '../../guard/estimate.ts';
import type { Outcome } from '../../guard/outcome.ts';
import type { SentPart } from '../../guard/sender-port.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { OutputLimitName } from '../dialects/dialect.ts';
import { passThroughFormat } from '../dialects/dialects.ts';
import { passThroughBodyFor } from './passthrough-body.ts';
import { Relay, type RelayedEvents } from '../stream/relay.ts';
import { createWire, type Verdict, type WireAnswer, type WireOptions } from '../transport/wire.ts';

export interface PassThroughRequest {
  readonly prompt: PassThroughPrompt;
  readonly target: Target;
  readonly baseUrl: string;
  readonly outputLimit: OutputLimitName | undefined;
  readonly wire: WireOptions;
}

/** Sends a pass-through prompt: the client's bytes out, the provider's bytes back, watched by the wire. */
export async function* sendPassThrough(request: PassThroughRequest): AsyncGenerator<SentPart, Verdict, void> {
  const { prompt, target, baseUrl } = request;
  const format = passThroughFormat(prompt.dialect);
  if (format === undefined) throw new TypeError(`${prompt.dialect} cannot be passed through`);
  const { body, hidesUsage } = passThroughBodyFor(prompt, format, target.model, request.outputLimit);
  const relay = new Relay(format, hidesUsage);
  const wire = createWire({ ...request.wire, relay });
  const partOf = ({ bytes, contentBytes, contentHasBegun }: RelayedEvents): SentPart => ({
    part: { type: 'bytes', bytes, tokens: tokensOfBytes(contentBytes), target },
    content: contentHasBegun,
  });
  try {
    const headers = { ...prompt.headers, 'content-type': 'application/json' };
    const answer = wire.send(baseUrl + format.path, { method: 'POST', headers, body });
    if (prompt.streams) {
      while ((await nextOf(answer)) !== undefined) {
        for (const events of relay.take()) yield partOf(events);
      }
      const verdict = judged(await wire.verdict(), 'eventStream');
      if (verdict.outcome.kind !== 'complete') return verdict;
      for (const events of relay.take()) yield partOf(events);
      return verdict;
    }
    // Show nothing before the whole answer is there and good, so that the guard can retry until then.
    const whole: Uint8Array[] = [];
    for (let chunk = await nextOf(answer); chunk !== undefined; chunk = await nextOf(answer))
      whole.push(chunk);
    const verdict = judged(await wire.verdict(), 'json');
    if (verdict.outcome.kind === 'complete') {
      const bytes = Buffer.concat(whole);
      const tokens = tokensOfBytes(bytes.length);
      yield { part: { type: 'bytes', bytes, tokens, target }, content: true };
    }
    return verdict;
  } finally {
    // The reader stopped early. This has no effect on an exchange that has ended.
    wire.stop({ kind: 'aborted' });
  }
}

/** The next bytes of the body; undefined where it ends or breaks off. */
async function nextOf(sent: Promise<WireAnswer>): Promise<Uint8Array | undefined> {
  try {
    const { body } = await sent;
    return await body.read();
  } catch {
    // The verdict says why the body broke off.
    return undefined;
  }
}

/** A client cannot read a good answer in the form that it did not ask for. */
function judged(verdict: Verdict, wanted: Verdict['format']): Verdict {
  if (verdict.outcome.kind !== 'complete' || verdict.format === wanted) return verdict;
  const problem: Wording = (l10n) =>
    wanted === 'json' ? l10n.t('it is a stream') : l10n.t('it is not a stream');
  const outcome: Outcome = { kind: 'malformed', problem };
  return { ...verdict, outcome };
}
