import { errorType } from '../error-types.ts';
import type { ErrorForm } from '../protocol.ts';

/** Errors in OpenAI's form. In a stream the official clients read an event with `error`. */
const chatError: ErrorForm['body'] = ({ status, code, message }) => ({
  error: { message, type: errorType(status), param: null, code },
});

export const chatErrors: ErrorForm = {
  body: chatError,
  event: (error) => `data: ${JSON.stringify(chatError(error))}\n\n`,
};
