import { anthropicEvents, goodAnthropicAnswer } from '../../support/dialect-events.ts';
import * as upstreams from '../../support/fault-upstream.ts';

const { answer, breakOff, chatEvents, drip, goodAnswer, reply, resetAtOnce, silence, stall } = upstreams;

/** One kind of request, what the provider does with it, and what has to come of it. */
export interface Kind {
  readonly name: string;
  readonly path?: '/v1/messages';
  readonly model?: string;
  readonly streams?: boolean;
  /** By attempt; the last one holds for all that follow. Absent where none may reach the provider. */
  readonly provider?: readonly [upstreams.Behaviour, ...upstreams.Behaviour[]];
  /** When the client goes away, if it does. */
  readonly leaves?: 'in its own body' | 'before the answer' | 'in mid-answer';
  /** A client that takes its time to read. */
  readonly isSlow?: boolean;
  readonly token?: string;
  /** What the client has to get; of one that leaves, what it got by then is nobody's business. */
  readonly gets?: { readonly status: number; readonly says: RegExp };
  /** How the ledger has to have it; absent for a request that is refused before the guard. */
  readonly outcomes?: readonly ('done' | 'failed' | 'refused' | 'aborted')[];
}

const error = { error: { message: 'no' } };
const chatUsage = { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 };
const wholeChat = reply(200, { choices: [{ message: { content: 'Hello world' } }], usage: chatUsage });
const messageUsage = { input_tokens: 11, output_tokens: 3 };
const wholeMessage = reply(200, {
  ...{ type: 'message', role: 'assistant', stop_reason: 'end_turn' },
  ...{ content: [{ type: 'text', text: 'Hello world' }], usage: messageUsage },
});
/** About 400 kB: more than sockets take in. */
const long = [
  chatEvents.role,
  ...Array.from({ length: 400 }, () => chatEvents.text('x'.repeat(800))),
  ...goodAnswer.slice(-3),
];

const wholeStream = { status: 200, says: /data: \[DONE\]\n\n$/ };
const whole = { status: 200, says: /Hello world/ };
const done = ['done'] as const;
const failed = ['failed'] as const;
const aborted = ['aborted'] as const;
const claude = { path: '/v1/messages', model: 'claude/m' } as const;

/** The mix, each as often as the others. */
export const kinds: readonly Kind[] = [
  { name: 'streamed', streams: true, provider: [answer()], gets: wholeStream, outcomes: done },
  { name: 'in one piece', provider: [wholeChat], gets: whole, outcomes: done },
  {
    ...{ name: 'messages, streamed', ...claude, streams: true, provider: [answer(goodAnthropicAnswer)] },
    ...{ gets: { status: 200, says: /event: message_stop\n.*\n\n$/ }, outcomes: done },
  },
  { name: 'messages, in one piece', ...claude, provider: [wholeMessage], gets: whole, outcomes: done },
  {
    ...{ name: 'in drops', streams: true, provider: [drip(goodAnswer, 120, 3)] },
    ...{ gets: wholeStream, outcomes: done },
  },
  {
    ...{ name: 'long, for a slow reader', streams: true, isSlow: true, provider: [answer(long)] },
    ...{ gets: wholeStream, outcomes: done },
  },
  {
    ...{ name: 'answered at the second attempt', streams: true, provider: [reply(500, error), answer()] },
    ...{ gets: wholeStream, outcomes: done },
  },
  {
    ...{ name: 'reset, and then answered', provider: [resetAtOnce, wholeChat] },
    ...{ gets: whole, outcomes: done },
  },
  {
    ...{ name: 'failing', provider: [reply(500, error)] },
    ...{ gets: { status: 502, says: /"code":"provider_error"/ }, outcomes: failed },
  },
  {
    ...{ name: 'rejected', provider: [reply(400, error)] },
    ...{ gets: { status: 400, says: /"code":"provider_rejected"/ }, outcomes: failed },
  },
  {
    ...{ name: 'limited', model: 'tired/m', provider: [reply(429, error, { 'retry-after': '1' })] },
    ...{ gets: { status: 429, says: /"code":"(?:rest|provider_rate_limit)"/ } },
    // The others of its kind rest meanwhile.
    outcomes: ['failed', 'refused'],
  },
  {
    ...{ name: 'cut off', streams: true, provider: [breakOff(goodAnswer.slice(0, 3))] },
    ...{ gets: { status: 200, says: /Hello.*"code":"provider_error"[^\n]*\n\n$/s }, outcomes: failed },
  },
  {
    ...{ name: 'messages, failing in mid-answer', ...claude, streams: true },
    provider: [answer([...goodAnthropicAnswer.slice(0, 4), anthropicEvents.error('overloaded_error', 'no')])],
    ...{ gets: { status: 200, says: /event: error\n[^\n]*\n\n$/ }, outcomes: failed },
  },
  {
    ...{ name: 'never answered', model: 'mute/m', streams: true, provider: [silence] },
    ...{ gets: { status: 504, says: /"code":"timeout"/ }, outcomes: failed },
  },
  {
    ...{ name: 'denied', model: 'acme/denied', outcomes: ['refused'] },
    gets: { status: 400, says: /"code":"policy"/ },
  },
  { name: 'unknown', model: 'nothing', gets: { status: 400, says: /"code":"model_not_found"/ } },
  { name: 'not let in', token: 'callguard_wrong', gets: { status: 401, says: /"code":"wrong_token"/ } },
  { name: 'left before the answer', provider: [silence], leaves: 'before the answer', outcomes: aborted },
  {
    ...{ name: 'left in mid-answer', streams: true, provider: [stall(goodAnswer.slice(0, 3))] },
    ...{ leaves: 'in mid-answer', outcomes: aborted },
  },
  { name: 'left in its own body', leaves: 'in its own body' },
];

/** The settings under which they are: no breaker that opens, and retries that hardly wait. */
export function settingsFor(baseUrl: string): Readonly<Record<string, unknown>> {
  const patient = {
    retry: { base: 0.01, cap: 0.02, budgetShare: 1, budgetFloor: 1_000 },
    circuit: { failures: 1_000 },
    models: { list: ['m'], deny: ['denied'] },
  };
  const entry = { kind: 'openai-compatible', baseUrl, ...patient };
  return {
    acme: entry,
    claude: { ...entry, kind: 'anthropic-compatible' },
    tired: { ...entry, retry: { retries: 0 } },
    mute: { ...entry, retry: { retries: 0 }, timeouts: { headers: 0.3 } },
  };
}
