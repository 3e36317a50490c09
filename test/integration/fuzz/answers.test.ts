import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PassThroughPrompt } from '../../../src/guard/call.ts';
import type { AttemptReport } from '../../../src/guard/sender-port.ts';
import type { ProviderEntry } from '../../../src/providers/config/provider-entry.ts';
import type { WireDialect } from '../../../src/providers/dialects/dialects.ts';
import {
  anthropicEvents,
  goodAnswers,
  googleEvents,
  responsesEvents,
  toolAnswers,
} from '../../support/dialect-events.ts';
import { answeredUsage, chatEvents } from '../../support/fault-upstream.ts';
import { anyJson, chunksOf, fuzz, mutated, nearly, sizes } from '../../support/fuzz.ts';
import { inChunks, startRawUpstream, type RawEnd, type RawUpstream } from '../../support/raw-upstream.ts';
import { bodyOf } from '../../support/request-body.ts';
import { attempt, provider, senderOptions } from '../../support/sender.ts';

const entries: Readonly<Record<WireDialect, ProviderEntry>> = {
  'openai-chat': { kind: 'openai-compatible' },
  'openai-responses': { kind: 'openai-compatible', dialect: 'openai-responses' },
  'anthropic-messages': { kind: 'anthropic-compatible' },
  'google-generative': { kind: 'google' },
};

const text = fc.string({ unit: 'binary', maxLength: 12 }).map((any) => any.toWellFormed());

/** Events of the dialect that say next to anything, errors and ends included. */
const events: Readonly<Record<WireDialect, fc.Arbitrary<string>>> = {
  'openai-chat': fc.oneof(
    text.map(chatEvents.text),
    fc.constantFrom(...goodAnswers['openai-chat'], ...toolAnswers['openai-chat'], chatEvents.ping),
    fc.constantFrom(chatEvents.error({ message: 'PRIVATE' }), chatEvents.error(''), chatEvents.usage(null)),
    nearly(answeredUsage).map(chatEvents.usage),
  ),
  'openai-responses': fc.oneof(
    text.map(responsesEvents.text),
    fc.constantFrom(...goodAnswers['openai-responses'], ...toolAnswers['openai-responses']),
    fc.constantFrom(responsesEvents.failed('a', 'PRIVATE'), responsesEvents.error('a', 'PRIVATE')),
  ),
  'anthropic-messages': fc.oneof(
    text.map(anthropicEvents.text),
    fc.constantFrom(...goodAnswers['anthropic-messages'], ...toolAnswers['anthropic-messages']),
    fc.constantFrom(anthropicEvents.error('overloaded_error', 'PRIVATE'), anthropicEvents.ping),
  ),
  'google-generative': fc.oneof(
    text.map((each) => googleEvents.text(each)),
    fc.constantFrom(...goodAnswers['google-generative'], ...toolAnswers['google-generative']),
    fc.constant(googleEvents.error('PRIVATE')),
  ),
};

const odd = fc.oneof(
  anyJson.map((json) => `data: ${JSON.stringify(json)}\n\n`),
  fc.constantFrom(
    ': comment\n\n',
    'event: error\ndata: x\n\n',
    'data: [DONE]\n\n',
    'id: 1\n\n',
    '\ufeff',
    '\n\n',
  ),
);

const lines = fc.constantFrom('\n', '\r\n', '\r');

/** The bytes of a stream: a good one, or anything that looks like one. */
function streamOf(dialect: WireDialect): fc.Arbitrary<{ readonly bytes: Buffer; readonly isSound: boolean }> {
  const good = fc.constantFrom(goodAnswers[dialect], toolAnswers[dialect]);
  const any = fc.array(fc.oneof({ weight: 6, arbitrary: events[dialect] }, { weight: 1, arbitrary: odd }), {
    maxLength: 12,
  });
  const whole = fc
    .tuple(
      fc.oneof(
        good,
        any,
        fc.tuple(good, any).map((parts) => parts.flat()),
      ),
      lines,
    )
    .map(([some, line]) => Buffer.from(some.join('').replaceAll('\n', line)));
  return fc.oneof(
    { weight: 3, arbitrary: whole.map((bytes) => ({ bytes, isSound: true })) },
    { weight: 1, arbitrary: mutated(whole).map((bytes) => ({ bytes, isSound: false })) },
  );
}

const outcomes = new Set([
  'complete',
  'connection',
  'http',
  'outOfCredit',
  'cut',
  'errorEvent',
  'malformed',
  'redirect',
  'declined',
]);

function assertSound({ outcome, usage }: AttemptReport): void {
  assert.ok(outcomes.has(outcome.kind), outcome.kind);
  for (const count of Object.values(usage ?? {}))
    assert.ok(Number.isFinite(count) && count >= 0, String(count));
  assert.ok(!('message' in outcome) || outcome.message.length <= 500);
}

describe('Fuzz: answers', () => {
  let upstream: RawUpstream;
  before(async () => {
    upstream = await startRawUpstream();
  });
  after(() => upstream.close());

  const optionsFor = (dialect: WireDialect) =>
    senderOptions(provider({ ...entries[dialect], baseUrl: upstream.baseUrl }));
  const answered = async (
    dialect: WireDialect,
    bytes: Buffer,
    prompt?: PassThroughPrompt,
    end: RawEnd = 'end',
  ) => {
    upstream.answerWith(bytes, end);
    const { parts, report } = await attempt(optionsFor(dialect), prompt === undefined ? {} : { prompt });
    assertSound(report);
    return { parts: parts.map(({ part }) => part), report };
  };
  const stream = 'text/event-stream';

  for (const dialect of Object.keys(entries) as WireDialect[]) {
    fuzz(
      `${dialect}: however a stream is cut into chunks, its parts and its end are the same`,
      25,
      fc.asyncProperty(streamOf(dialect), sizes, async ({ bytes, isSound }, cut) => {
        const whole = await answered(
          dialect,
          inChunks(
            [bytes].filter(({ length }) => length > 0),
            stream,
          ),
        );
        const cutUp = await answered(dialect, inChunks(chunksOf(bytes, cut), stream));
        assert.deepEqual(named(cutUp.parts), named(whole.parts));
        assert.deepEqual(withoutWords(cutUp.report), withoutWords(whole.report));
        if (isSound) assert.ok(!JSON.stringify(whole.parts).includes('PRIVATE'));
      }),
    );
  }

  const passed = (dialect: WireDialect, streams: boolean): PassThroughPrompt => ({
    dialect,
    body: bodyOf(`{"model":"m","stream":${streams},"stream_options":{"include_usage":true},"messages":[]}`),
    headers: {},
    streams,
    inputTokens: 1,
  });
  const bytesOf = (parts: readonly { readonly type: string }[]) =>
    Buffer.concat(parts.map((part) => ('bytes' in part ? (part.bytes as Uint8Array) : Buffer.alloc(0))));

  for (const dialect of ['openai-chat', 'anthropic-messages'] as const) {
    fuzz(
      `${dialect}: a stream that is passed through keeps its bytes as far as it goes, in any chunks`,
      40,
      fc.asyncProperty(streamOf(dialect), sizes, async ({ bytes, isSound }, cut) => {
        const prompt = passed(dialect, true);
        const whole = await answered(
          dialect,
          inChunks(
            [bytes].filter(({ length }) => length > 0),
            stream,
          ),
          prompt,
        );
        const cutUp = await answered(dialect, inChunks(chunksOf(bytes, cut), stream), prompt);
        const seen = bytesOf(whole.parts);
        // Blank lines behind the end may come with it.
        assert.equal(bytesOf(cutUp.parts).toString('latin1').trimEnd(), seen.toString('latin1').trimEnd());
        assert.ok(shown(bytes).toString('latin1').startsWith(seen.toString('latin1')));
        assert.deepEqual(withoutWords(cutUp.report), withoutWords(whole.report));
        if (isSound) assert.ok(!seen.includes('PRIVATE'));
        if (isSound && whole.report.outcome.kind === 'complete')
          assertNothingBehindTheEnd(dialect, seen.toString());
      }),
    );
  }

  const jsonAnswer = {
    id: 'a',
    choices: [{ message: { content: 'Hi', role: 'assistant' } }],
    usage: answeredUsage,
  };

  fuzz(
    'an answer in one piece is passed on whole or not at all',
    40,
    fc.asyncProperty(
      mutated(nearly(jsonAnswer).map((json) => Buffer.from(JSON.stringify([json]).slice(1, -1)))),
      sizes,
      fc.constantFrom<RawEnd>('end', 'reset'),
      async (bytes, cut, end) => {
        const body = inChunks(chunksOf(bytes, cut), 'application/json');
        const { parts, report } = await answered('openai-chat', body, passed('openai-chat', false), end);
        assert.deepEqual(
          bytesOf(parts).toString(),
          report.outcome.kind === 'complete' ? shown(bytes).toString() : '',
        );
      },
    ),
  );

  const head = fc
    .tuple(
      fc.constantFrom(
        'HTTP/1.1 200 OK',
        'HTTP/1.0 200 OK',
        'HTTP/1.1 429 Slow',
        'HTTP/1.1 204 No',
        'HTTP/1.1 100 Go',
        'HTTP/1.1 302 Gone',
        'HTTP/1.1 500 Oh',
        'HTTP/1.1 101 Switch',
      ),
      fc.subarray([
        'content-type: text/event-stream',
        'content-type: application/json',
        'content-length: 10',
        'transfer-encoding: chunked',
        'content-encoding: gzip',
        'content-encoding: br',
        'content-encoding: deflate',
        'content-encoding: x, y',
        'location: http://127.0.0.1/',
        'retry-after: 1',
        'x-ratelimit-remaining: 1',
        'upgrade: x',
      ]),
    )
    .map(([line, fields]) => `${[line, ...fields].join('\r\n')}\r\n\r\n`);

  fuzz(
    'whatever bytes an upstream sends, the attempt ends with an outcome',
    120,
    fc.asyncProperty(
      mutated(
        fc
          .tuple(
            head,
            fc.oneof(
              fc.constantFrom(
                '',
                goodAnswers['openai-chat'].join(''),
                '{"choices":[]}',
                '5\r\ndata:\r\n0\r\n\r\n',
                'ffffffff\r\nx',
              ),
              fc.string({ unit: 'binary' }),
            ),
          )
          .map((parts) => Buffer.from(parts.join(''))),
      ),
      fc.constantFrom<RawEnd>('end', 'reset'),
      fc.constantFrom(undefined, true, false),
      async (bytes, end, streams) => {
        const prompt = streams === undefined ? undefined : passed('openai-chat', streams);
        const { parts, report } = await answered('openai-chat', bytes, prompt, end);
        if (report.status !== undefined && report.status >= 300) assert.deepEqual(parts, []);
      },
    ),
  );
});

/** The bytes that mean something: a byte order mark and blanks before them are left out. */
function shown(bytes: Buffer): Buffer {
  const hasMark = bytes.toString('latin1', 0, 3) === '\u00ef\u00bb\u00bf';
  const text = hasMark ? bytes.subarray(3) : bytes;
  const start = text.findIndex((byte) => !' \t\r\n'.includes(String.fromCharCode(byte)));
  return start < 0 ? Buffer.alloc(0) : text.subarray(start);
}

/** The AI SDK makes up the ids of some parts. */
function named(parts: readonly unknown[]): unknown {
  const ids = new Map<string, string>();
  return JSON.parse(JSON.stringify(parts), (name, value: unknown) => {
    if (typeof value !== 'string' || (name !== 'id' && name !== 'toolCallId')) return value;
    const known = ids.get(value) ?? `id ${ids.size}`;
    ids.set(value, known);
    return known;
  });
}

/** A problem in words is a function. */
function withoutWords({ outcome, ...rest }: AttemptReport): unknown {
  return { ...rest, outcome: { ...outcome, problem: undefined } };
}

const ends: Readonly<Partial<Record<WireDialect, RegExp>>> = {
  'openai-chat': /^data: ?\[DONE\]/m,
  'anthropic-messages': /"type":"message_stop"/,
};

function assertNothingBehindTheEnd(dialect: WireDialect, seen: string): void {
  const end = ends[dialect]?.exec(seen);
  if (end === null || end === undefined) return;
  assert.doesNotMatch(seen.slice(end.index + end[0].length), /^data:/m);
}
