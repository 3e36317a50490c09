import { errorType } from '../error-types.ts';
import type { ErrorForm } from '../protocol.ts';

/**
 * Errors in the form of OpenAI's Responses API. A stream ends with `response.failed`: the official clients read that and
 * `error`, but Codex only the first one.
 */
export const responsesErrors: ErrorForm = {
  body: ({ status, code, message }) => ({
    error: { message, type: errorType(status), param: null, code },
  }),
  event: ({ code, message }, sequence = 0) => {
    const response = { id: 'resp_failed', object: 'response', status: 'failed', output: [] };
    const data = {
      type: 'response.failed',
      sequence_number: sequence,
      response: { ...response, error: { code, message } },
    };
    return `event: response.failed\ndata: ${JSON.stringify(data)}\n\n`;
  },
};
