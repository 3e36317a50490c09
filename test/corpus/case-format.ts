import * as z from 'zod';

/** A piece of an answer's body, in the order in which the server sends them. */
const step = z.union([
  z.string().describe('Text that is sent as it is.'),
  z
    .strictObject({ event: z.string().optional(), data: z.unknown() })
    .describe('A server-sent event. Data that is no text is sent as JSON.'),
  z.strictObject({ pauseSeconds: z.number().positive() }).describe('Silence.'),
]);

const answer = z.strictObject({
  status: z.int().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  /** A body in one piece, sent as `application/json` unless the headers say otherwise. */
  json: z.unknown().optional(),
  /** A body in pieces, sent as `text/event-stream` unless the headers say otherwise. */
  body: z.array(step).optional(),
  /** How the server encodes the body. It also sets the header. */
  encoding: z.enum(['gzip', 'br', 'zstd']).optional(),
  /** `clean`: the answer ends properly. `reset`: the connection breaks. `open`: nothing follows, but it stays open. */
  end: z.enum(['clean', 'reset', 'open']).default('clean'),
});

/** What a reader of the answer gets. Only the members that are present are compared. */
const seen = z.strictObject({
  /** The HTTP status; at a gateway only. */
  status: z.int().optional(),
  text: z.string().optional(),
  reasoning: z.string().optional(),
  toolCalls: z.array(z.strictObject({ name: z.string(), arguments: z.unknown() })).optional(),
  /** Why the model stopped, in the words of the protocol, or in those of the AI SDK. */
  finish: z.string().nullable().optional(),
  /** The code of the error; null if there is none. */
  error: z.string().nullable().optional(),
  /** A part of what the error says. */
  says: z.string().optional(),
  /** Whether the client got every byte of the provider's last answer, and no other. */
  sameBytes: z.boolean().optional(),
});

/** What Callguard records of the call: audit row, usage, breaker. Only the members that are present are compared. */
const call = z.strictObject({
  outcome: z.enum(['done', 'failed', 'refused', 'aborted']).optional(),
  reason: z.string().nullable().optional(),
  /** Why the model stopped, in the words of the AI SDK. */
  finish: z.string().nullable().optional(),
  /** Where the cost comes from. */
  costSource: z.string().optional(),
  attempts: z.int().optional(),
  status: z.int().optional(),
  usage: z
    .strictObject({
      inputTokens: z.int().optional(),
      cachedInputTokens: z.int().optional(),
      outputTokens: z.int().optional(),
      costMicroUsd: z.number().nullable().optional(),
      estimated: z.boolean().optional(),
    })
    .optional(),
  breaker: z.enum(['success', 'failure', 'answered', 'none']).optional(),
  /** What else follows for the provider; null if nothing does. */
  consequence: z.enum(['rateLimitPause', 'outOfCredit', 'keyRejected', 'offline']).nullable().optional(),
  pauseSeconds: z.number().optional(),
});

const caseSchema = z.strictObject({
  /** What the server does, and why it matters. */
  about: z.string().min(1),
  dialect: z.enum(['openai-chat', 'openai-responses', 'anthropic-messages', 'google-generative']),
  /** `gateway`: a client's request in the dialect's own protocol. `prompt`: a prompt of Callguard's own. */
  doors: z.array(z.enum(['gateway', 'prompt'])).min(1),
  /** Settings of the provider, besides its kind and address. */
  provider: z.record(z.string(), z.unknown()).default({}),
  /** Members of the client's request, besides model and messages. */
  request: z.record(z.string(), z.unknown()).default({}),
  /** Members of Callguard's prompt, in the AI SDK's format. */
  prompt: z.record(z.string(), z.unknown()).default({}),
  /** One answer for each request; the last one for all that follow. */
  answers: z.array(answer).min(1),
  expect: z.strictObject({
    seen: seen.optional(),
    atGateway: seen.optional(),
    ofPrompt: seen.optional(),
    call: call.optional(),
    /** Parts of the last request that the server got. */
    sent: z.array(z.string()).optional(),
    /** Parts that the last request must not have. */
    notSent: z.array(z.string()).optional(),
  }),
});

export type Door = 'gateway' | 'prompt';
export type CorpusCase = z.infer<typeof caseSchema>;
export type CorpusAnswer = CorpusCase['answers'][number];
export type Seen = z.infer<typeof seen>;
export type SeenCall = z.infer<typeof call>;

/** Reads a case. Throws for a member that the format does not have. */
export function parseCase(text: string): CorpusCase {
  return caseSchema.parse(JSON.parse(text));
}
