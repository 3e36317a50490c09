import assert from 'node:assert/strict';
import fc from 'fast-check';
import type {
  AnswerEnd,
  AnswerPart,
  ClientTool,
  ProtocolName,
} from '../../../../src/gateway/protocols/protocol.ts';
import { loadProtocol } from '../../../../src/gateway/protocols/protocols.ts';
import { markedAs } from '../../../../src/providers/translation/made-by.ts';
import { safeToolCallId, toolCallIdOf } from '../../../../src/providers/translation/tool-call-ids.ts';
import { startOfficialClients, type OfficialClients } from '../../../support/official-clients.ts';
import { resultOf } from '../../../support/work-result.ts';

/** One piece of an answer, as a generator draws it. */
interface Drawn {
  readonly kind: 'text' | 'reasoning' | 'tool' | 'custom';
  readonly texts: readonly string[];
  readonly id: string;
  readonly input: object;
  readonly signature: string | undefined;
  /** Whether a call comes in deltas. */
  readonly isSplit: boolean;
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom('text', 'reasoning', 'tool', 'custom'),
  texts: fc.array(text, { maxLength: 4 }),
  id: fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 90 }),
  input: fc
    .dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3, noNullPrototype: true })
    .map((value) => JSON.parse(JSON.stringify(value)) as object),
  signature: fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
  isSplit: fc.boolean(),
});

const metadataOf = ({ signature }: Drawn) =>
  signature === undefined ? {} : { providerMetadata: { google: { thoughtSignature: signature } } };

/** The parts of one piece, in order. */
function partsOf(piece: Drawn, at: number): AnswerPart[] {
  const { kind, texts, isSplit } = piece;
  if (kind === 'text' || kind === 'reasoning') {
    const id = `${at}`;
    return [
      { type: `${kind}-start`, id },
      ...texts.map((delta): AnswerPart => ({ type: `${kind}-delta`, id, delta })),
      { type: `${kind}-end`, id, ...(kind === 'reasoning' ? metadataOf(piece) : {}) },
    ];
  }
  const toolName = kind === 'custom' ? 'apply' : 'look';
  const input = JSON.stringify(kind === 'custom' ? { input: texts.join('') } : piece.input);
  const toolCallId = idOf(piece, at);
  const half = Math.floor(input.length / 2);
  const before: AnswerPart[] = [
    { type: 'tool-input-start', id: toolCallId, toolName, ...metadataOf(piece) },
    { type: 'tool-input-delta', id: toolCallId, delta: input.slice(0, half) },
    { type: 'tool-input-delta', id: toolCallId, delta: input.slice(half) },
    { type: 'tool-input-end', id: toolCallId },
  ];
  const call = { type: 'tool-call', toolCallId, toolName, input, ...metadataOf(piece) } as const;
  return [...(isSplit ? before : []), call];
}

const idOf = ({ id }: Drawn, at: number) => `${id}${at}`;

/** The parts of all pieces, mixed: `turns` says whose part comes next. */
function mixed(pieces: readonly Drawn[], turns: readonly number[]): AnswerPart[] {
  const waiting = pieces.map(partsOf);
  const parts: AnswerPart[] = [{ type: 'stream-start', warnings: [] }];
  for (const turn of turns) {
    const left = waiting.filter((each) => each.length > 0);
    const part = left[turn % Math.max(1, left.length)]?.shift();
    if (part !== undefined) parts.push(part);
  }
  return [...parts, ...waiting.flat()];
}

/** What a client has to get: the pieces in the order in which they begin to say something. */
function expectedOf(
  parts: readonly AnswerPart[],
  pieces: readonly Drawn[],
  protocol: ProtocolName,
): unknown[] {
  const order = new Set<number>();
  const indexOf = (id: string) => pieces.findIndex((piece, at) => idOf(piece, at) === id || `${at}` === id);
  for (const part of parts) {
    if (part.type === 'tool-input-start') order.add(indexOf(part.id));
    else if (part.type === 'tool-call') order.add(indexOf(part.toolCallId));
    else if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
      if (part.delta !== '') order.add(indexOf(part.id));
    } else if (part.type === 'reasoning-end' && part.providerMetadata !== undefined)
      order.add(indexOf(part.id));
  }
  const listed = [...order].flatMap((at) => {
    const piece = pieces[at];
    return piece === undefined ? [] : saidBy(piece, at, protocol);
  });
  if (protocol === 'openai-chat') return asOneMessage(listed);
  return protocol === 'google-generative' ? withJoinedTexts(listed) : listed;
}

/** In Google's protocol nothing stands between two texts. */
function withJoinedTexts(listed: readonly Said[]): Said[] {
  const joined: Said[] = [];
  for (const each of listed) {
    const last = joined.at(-1);
    const isMore = each[0] === 'text' && last?.[0] === 'text';
    if (isMore) joined.splice(-1, 1, ['text', String(last[1]) + String(each[1])]);
    else joined.push(each);
  }
  return joined;
}

type Said = readonly [kind: 'thought' | 'text' | 'call', ...unknown[]];

function saidBy(piece: Drawn, at: number, protocol: ProtocolName): Said[] {
  const { kind, texts, signature, input } = piece;
  const whole = texts.join('');
  const back = signature === undefined ? undefined : signature;
  if (kind === 'text') return [['text', whole]];
  if (kind === 'reasoning') return [['thought', whole, back]];
  const name = kind === 'custom' ? 'apply' : 'look';
  const id = toolCallIdOf(safeToolCallId(idOf(piece, at)));
  const call = ['call', id, name, kind === 'custom' ? { input: whole } : input] as const;
  const isOnCall = protocol === 'google-generative' || protocol === 'openai-chat';
  if (back === undefined) return [call];
  return isOnCall ? [[...call, back]] : [['thought', '', back], call];
}

/** A message of chat completions has one text and one thought, and the calls stand behind them. */
function asOneMessage(listed: readonly Said[]): Said[] {
  const join = (kind: Said[0]) => listed.map((each) => (each[0] === kind ? String(each[1]) : '')).join('');
  const [thought, whole] = [join('thought'), join('text')];
  return [
    ...(thought === '' ? [] : [['thought', thought, undefined] as const]),
    ...(whole === '' ? [] : [['text', whole] as const]),
    ...listed.filter(([kind]) => kind === 'call'),
  ];
}

const servedBy = 'acme/m';

/** What the decoder reads of an answer that comes back. */
async function saidAgain(protocol: ProtocolName, again: object): Promise<unknown[]> {
  const decoded = resultOf((await loadProtocol[protocol]()).decode(again));
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
  const [, ...answer] = decoded.value.prompt.prompt;
  return answer.flatMap((message) => {
    assert.ok(message.role === 'assistant', message.role);
    return message.content.map((part) => {
      const { providerOptions: options } = part;
      const back = options?.['google']?.['thoughtSignature'];
      if (back !== undefined)
        assert.deepEqual(options, markedAs(servedBy, { google: { thoughtSignature: back } }));
      switch (part.type) {
        case 'text':
          return ['text', part.text];
        case 'reasoning':
          return ['thought', part.text, back];
        case 'tool-call':
          return ['call', part.toolCallId, part.toolName, part.input, ...(back === undefined ? [] : [back])];
        default:
          return part;
      }
    });
  });
}

const tools = new Map<string, ClientTool>([['apply', { name: 'apply', isCustom: true }]]);
const reasons: fc.Arbitrary<AnswerEnd['reason']> = fc.constantFrom(
  ...(['stop', 'length', 'content-filter', 'tool-calls', 'other'] as const),
);
const usages = fc
  .tuple(
    fc.integer({ min: 1, max: 2 ** 40 }),
    fc.integer({ min: 1, max: 2 ** 40 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([inputTokens, outputTokens, share]) => ({
    inputTokens,
    cachedInputTokens: Math.floor(inputTokens * share),
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens: Math.floor(outputTokens * share),
  }));

describe('encoders, with answers of any parts', () => {
  let clients: OfficialClients;

  before(async () => {
    clients = await startOfficialClients();
  });
  after(() => {
    clients.close();
  });

  for (const protocol of Object.keys(loadProtocol) as ProtocolName[]) {
    const hasCustom = protocol === 'openai-chat' || protocol === 'openai-responses';

    it(`give the official SDK of ${protocol} in a stream and in one piece what the decoder reads again`, async () => {
      const { stream, whole } = await loadProtocol[protocol]();
      const pieces = fc.array(
        drawn.map((piece) =>
          piece.kind === 'custom' && !hasCustom ? { ...piece, kind: 'tool' as const } : piece,
        ),
        { maxLength: 5 },
      );
      const property = fc.asyncProperty(
        pieces,
        fc.array(fc.nat(9)),
        reasons,
        usages,
        async (drawnPieces, turns, reason, usage) => {
          const parts = mixed(drawnPieces, turns);
          const end: AnswerEnd = { reason, usage };
          const context = {
            ...{
              id: 'x1',
              model: 'm',
              createdMs: 1_700_000_000_000,
              servedBy,
              inputTokens: usage.inputTokens,
            },
            ...{ tools: hasCustom ? tools : new Map<string, ClientTool>(), wantsUsage: true },
          };
          const encoder = stream(context);
          const events = parts.map((part) => encoder.part(part)).join('') + encoder.end(end);
          const streamed = await clients.read(protocol, events);
          const inOnePiece = await clients.read(protocol, whole(parts, end, context));
          const expected = expectedOf(parts, drawnPieces, protocol);
          assert.deepEqual(await saidAgain(protocol, streamed.again), expected);
          assert.deepEqual(await saidAgain(protocol, inOnePiece.again), expected);
          const figures = [
            usage.inputTokens,
            usage.outputTokens,
            usage.cachedInputTokens,
            usage.reasoningTokens,
          ];
          assert.deepEqual([streamed.usage, inOnePiece.usage], [figures, figures]);
          assert.equal(streamed.stop, inOnePiece.stop);
        },
      );
      await fc.assert(property, { numRuns: 60 });
    });
  }

  it('keep a text whose id was given again while it waited behind a call', async () => {
    const textParts = (delta: string): AnswerPart[] => [
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta },
      { type: 'text-end', id: '0' },
    ];
    const parts: AnswerPart[] = [
      { type: 'tool-input-start', id: 'a', toolName: 'look' },
      ...textParts('one'),
      ...textParts('two'),
      { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{}' },
    ];
    const { stream } = await loadProtocol['anthropic-messages']();
    const usage = {
      inputTokens: 1,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 1,
      reasoningTokens: 0,
    };
    const context = {
      id: 'x',
      model: 'm',
      createdMs: 0,
      servedBy,
      inputTokens: 1,
      tools: new Map(),
      wantsUsage: true,
    };
    const encoder = stream(context);
    const events = parts.map((part) => encoder.part(part)).join('') + encoder.end({ reason: 'stop', usage });
    const { again } = await clients.read('anthropic-messages', events);
    assert.deepEqual(await saidAgain('anthropic-messages', again), [
      ['call', 'a', 'look', {}],
      ['text', 'one'],
      ['text', 'two'],
    ]);
  });
});
