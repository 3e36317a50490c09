import { errorType } from '../error-types.ts';
import type { ErrorForm } from '../protocol.ts';

/** Errors in Anthropic's form (API reference, 'Errors'). */
const messagesError: ErrorForm['body'] = ({ status, code, message }) => ({
  type: 'error',
  error: { type: errorType(status), message, code },
});

export const messagesErrors: ErrorForm = {
  body: messagesError,
  event: (error) => `event: error\ndata: ${JSON.stringify(messagesError(error))}\n\n`,
};
