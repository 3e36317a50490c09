import type Anthropic from '@anthropic-ai/sdk';
import type { Candidate, Content, GenerateContentResponse, Tool } from '@google/genai';
import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import type * as z from 'zod';
import { wholeMessage } from '../../../../src/gateway/protocols/anthropic-messages/encode.ts';
import type { request as messagesRequest } from '../../../../src/gateway/protocols/anthropic-messages/request.ts';
import { wholeGenerated } from '../../../../src/gateway/protocols/google-generative/encode.ts';
import type { request as generateRequest } from '../../../../src/gateway/protocols/google-generative/request.ts';
import { wholeCompletion } from '../../../../src/gateway/protocols/openai-chat/encode.ts';
import type { request as chatRequest } from '../../../../src/gateway/protocols/openai-chat/request.ts';
import { wholeResponse } from '../../../../src/gateway/protocols/openai-responses/encode.ts';
import type { request as responsesRequest } from '../../../../src/gateway/protocols/openai-responses/request.ts';
import type {
  AnswerEnd,
  AnswerPart,
  ClientTool,
  ReplyContext,
} from '../../../../src/gateway/protocols/protocol.ts';

// What this file has to say is in its types: it compiles only if they fit those of the official SDKs.

/** A type without index signatures, which the types of the SDKs do not have. */
type Known<T> = T extends readonly (infer U)[]
  ? readonly Known<U>[]
  : T extends object
    ? { [K in keyof T as string extends K ? never : K]: Known<T[K]> }
    : T;

/** Compiles only for a type of requests that a decoder reads. */
type Reads<Read, Sent extends Read> = [Read, Sent];

export type Requests = [
  Reads<Known<z.input<typeof chatRequest>>, OpenAI.ChatCompletionCreateParams>,
  Reads<Known<z.input<typeof responsesRequest>>, OpenAI.Responses.ResponseCreateParams>,
  Reads<Known<z.input<typeof messagesRequest>>, Anthropic.MessageCreateParams>,
  Reads<z.input<typeof generateRequest>, { contents: Content[]; tools: Tool[] }>,
];

/** The SDK adds `output_text` itself. */
type Response = Omit<OpenAI.Responses.Response, 'output_text'>;
/** The SDK has an enum for reasons, whose names the test compares. */
type Generated = Pick<GenerateContentResponse, 'modelVersion' | 'responseId'> & {
  candidates: Pick<Candidate, 'content' | 'index'>[];
};

const parts: AnswerPart[] = [{ type: 'text-delta', id: '0', delta: 'Hi' }];
const usage = {
  inputTokens: 1,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 1,
  reasoningTokens: 0,
};
const end: AnswerEnd = { reason: 'stop', usage };
const context: ReplyContext = {
  ...{ id: 'x', model: 'm', createdMs: 1_000, servedBy: 'acme/m', inputTokens: 1, wantsUsage: true },
  tools: new Map<string, ClientTool>(),
};

describe("encoders, beside the official SDKs' types", () => {
  it('give a completion', () => {
    const answer: OpenAI.ChatCompletion = wholeCompletion(parts, end, context);
    assert.equal(answer.choices[0]?.message.content, 'Hi');
  });

  it('give a message', () => {
    const answer: Anthropic.Message = wholeMessage(parts, end, context);
    assert.deepEqual(answer.content, [{ type: 'text', text: 'Hi', citations: null }]);
  });

  it('give a response', () => {
    const answer: Response = wholeResponse(parts, end, context);
    assert.equal(answer.output[0]?.type, 'message');
  });

  it('give a generated answer', () => {
    const answer: Generated = wholeGenerated(parts, end, context);
    assert.deepEqual(answer.candidates[0]?.content, { role: 'model', parts: [{ text: 'Hi' }] });
  });
});
