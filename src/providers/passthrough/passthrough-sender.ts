import type { PassThroughPrompt, Target } from '../../guard/call.ts';
import { tokensOfBytes } from '../../guard/estimate.ts';
import type { Outcome } from '../../guard/outcome.ts';
import type { AttemptReport, SentPart } from '../../guard/sender-port.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { OutputLimitName } from '../dialects/dialect.ts';
import { passThroughFormat } from '../dialects/dialects.ts';
import { passThroughBodyFor } from './passthrough-body.ts';
import { Relay, type RelayedEvents } from '../stream/relay.ts';
import { createWire, type ExchangeEnd, type WireAnswer, type WireOptions } from '../transport/wire.ts';

export interface PassThroughRequest {
  readonly prompt: PassThroughPrompt;
  readonly target: Target;
  /** As the provider calls it. */
  readonly model: string;
  readonly baseUrl: string;
  readonly outputLimit: OutputLimitName | undefined;
  readonly wire: WireOptions;
}

/** Sends a pass-through prompt: the client's bytes out, the provider's bytes back, watched by the wire. */
export async function* sendPassThrough(
  request: PassThroughRequest,
): AsyncGenerator<SentPart, AttemptReport, void> {
  const { prompt, target, model, baseUrl } = request;
  const format = passThroughFormat(prompt.dialect);
  if (format === undefined) throw new TypeError(`${prompt.dialect} cannot be passed through`);
  const { body, hidesUsage } = passThroughBodyFor(prompt, format, model, request.outputLimit);
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
      const report = reportOf(await wire.ended(), 'eventStream');
      if (report.outcome.kind !== 'complete') return report;
      for (const events of relay.take()) yield partOf(events);
      return report;
    }
    // Show nothing before the whole answer is there and good, so that the guard can retry until then.
    const whole: Uint8Array[] = [];
    for (let chunk = await nextOf(answer); chunk !== undefined; chunk = await nextOf(answer))
      whole.push(chunk);
    const report = reportOf(await wire.ended(), 'json');
    if (report.outcome.kind === 'complete') {
      const bytes = Buffer.concat(whole);
      const tokens = tokensOfBytes(bytes.length);
      yield { part: { type: 'bytes', bytes, tokens, target }, content: true };
    }
    return report;
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
    // The wire's report says why the body broke off.
    return undefined;
  }
}

/** A client cannot read a good answer in the form that it did not ask for. */
function reportOf({ report, format }: ExchangeEnd, wanted: ExchangeEnd['format']): AttemptReport {
  if (report.outcome.kind !== 'complete' || format === wanted) return report;
  const problem: Wording = (l10n) =>
    wanted === 'json' ? l10n.t('it is a stream') : l10n.t('it is not a stream');
  const outcome: Outcome = { kind: 'malformed', problem };
  return { ...report, outcome };
}
