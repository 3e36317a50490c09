import { answeredUsage, chatEvents, goodAnswer } from './fault-upstream.ts';

const sse = (data: object, event?: string) =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
const typed = (type: string, data: object = {}) => sse({ type, ...data }, type);

/** The events of an anthropic-messages stream, each a complete server-sent event. */
export const anthropicEvents = {
  start: typed('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: 4,
        cache_creation_input_tokens: 2,
        cache_read_input_tokens: 5,
        output_tokens: 1,
      },
    },
  }),
  ping: typed('ping'),
  block: (index: number, content_block: object = { type: 'text', text: '' }) =>
    typed('content_block_start', { index, content_block }),
  delta: (index: number, delta: object) => typed('content_block_delta', { index, delta }),
  text: (text: string) => typed('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  endBlock: (index: number) => typed('content_block_stop', { index }),
  end: (stop_reason = 'end_turn', output_tokens = 3) =>
    typed('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens } }),
  stop: typed('message_stop'),
  error: (type: string, message: string) => typed('error', { error: { type, message } }),
};

/** `Hello`, ` world`, usage and the end marker. */
export const goodAnthropicAnswer: readonly string[] = [
  anthropicEvents.start,
  anthropicEvents.block(0),
  anthropicEvents.ping,
  anthropicEvents.text('Hello'),
  anthropicEvents.text(' world'),
  anthropicEvents.endBlock(0),
  anthropicEvents.end(),
  anthropicEvents.stop,
];

const usageMetadata = {
  promptTokenCount: 11,
  cachedContentTokenCount: 4,
  candidatesTokenCount: 2,
  thoughtsTokenCount: 1,
  totalTokenCount: 14,
};

/** The chunks of a google-generative stream. */
export const googleEvents = {
  parts: (parts: readonly object[], finishReason?: string) =>
    sse({
      candidates: [
        {
          content: { role: 'model', parts },
          index: 0,
          ...(finishReason === undefined ? {} : { finishReason }),
        },
      ],
      usageMetadata: finishReason === undefined ? { promptTokenCount: 11 } : usageMetadata,
    }),
  text: (text: string, finishReason?: string) => googleEvents.parts([{ text }], finishReason),
  error: (message: string) => sse({ error: { code: 503, message, status: 'UNAVAILABLE' } }),
};

const goodGoogleAnswer: readonly string[] = [googleEvents.text('Hello'), googleEvents.text(' world', 'STOP')];

const responsesUsage = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 3,
  output_tokens_details: { reasoning_tokens: 1 },
  total_tokens: 14,
};

const response = (status: string, more: object = {}) => ({
  response: { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status, error: null, ...more },
});

/** The events of an openai-responses stream. */
export const responsesEvents = {
  created: typed('response.created', response('in_progress', { usage: null })),
  item: (output_index: number, item: object) => typed('response.output_item.added', { output_index, item }),
  text: (delta: string) =>
    typed('response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta }),
  arguments: (output_index: number, delta: string) =>
    typed('response.function_call_arguments.delta', { item_id: `fc_${output_index}`, output_index, delta }),
  endItem: (output_index: number, item: object) => typed('response.output_item.done', { output_index, item }),
  completed: typed('response.completed', response('completed', { usage: responsesUsage })),
  incomplete: (reason: string) =>
    typed(
      'response.incomplete',
      response('incomplete', { incomplete_details: { reason }, usage: responsesUsage }),
    ),
  failed: (code: string, message: string) =>
    typed('response.failed', response('failed', { error: { code, message }, usage: responsesUsage })),
  error: (code: string, message: string) => typed('error', { code, message, param: null }),
};

const responsesMessage = { type: 'message', id: 'msg_1', role: 'assistant', content: [] };

const goodResponsesAnswer: readonly string[] = [
  responsesEvents.created,
  responsesEvents.item(0, responsesMessage),
  responsesEvents.text('Hello'),
  responsesEvents.text(' world'),
  responsesEvents.endItem(0, responsesMessage),
  responsesEvents.completed,
];

const functionCall = (index: number, args: string) => ({
  type: 'function_call',
  id: `fc_${index}`,
  call_id: `call_${index}`,
  name: 'forecast',
  arguments: args,
});

/** A good answer of each dialect: `Hello`, ` world`, 11 tokens in and 3 out. */
export const goodAnswers = {
  'openai-chat': goodAnswer,
  'openai-responses': goodResponsesAnswer,
  'anthropic-messages': goodAnthropicAnswer,
  'google-generative': goodGoogleAnswer,
} as const;

/** A tool call of two tools at once, in each dialect. */
export const toolAnswers: Readonly<Record<keyof typeof goodAnswers, readonly string[]>> = {
  'openai-chat': [
    `data: ${JSON.stringify({
      choices: [
        {
          index: 0,
          delta: {
            tool_calls: ['Bern', 'Rome'].map((city, index) => ({
              index,
              id: `call_${index}`,
              type: 'function',
              function: { name: 'forecast', arguments: JSON.stringify({ city }) },
            })),
          },
        },
      ],
    })}\n\n`,
    chatEvents.callsTools,
    chatEvents.usage(answeredUsage),
    chatEvents.done,
  ],
  'openai-responses': [
    responsesEvents.created,
    ...['Bern', 'Rome'].flatMap((city, index) => [
      responsesEvents.item(index, functionCall(index, '')),
      responsesEvents.arguments(index, '{"city":'),
      responsesEvents.arguments(index, `"${city}"}`),
      responsesEvents.endItem(index, {
        ...functionCall(index, JSON.stringify({ city })),
        status: 'completed',
      }),
    ]),
    responsesEvents.completed,
  ],
  'anthropic-messages': [
    anthropicEvents.start,
    ...['Bern', 'Rome'].flatMap((city, index) => [
      anthropicEvents.block(index, { type: 'tool_use', id: `call_${index}`, name: 'forecast', input: {} }),
      anthropicEvents.delta(index, { type: 'input_json_delta', partial_json: '{"city":' }),
      anthropicEvents.delta(index, { type: 'input_json_delta', partial_json: `"${city}"}` }),
      anthropicEvents.endBlock(index),
    ]),
    anthropicEvents.end('tool_use'),
    anthropicEvents.stop,
  ],
  'google-generative': [
    googleEvents.parts(
      ['Bern', 'Rome'].map((city) => ({ functionCall: { name: 'forecast', args: { city } } })),
      'STOP',
    ),
  ],
};
