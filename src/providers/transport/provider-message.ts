import * as z from 'zod';

/** Removes secrets from a text that comes from outside. */
export type Sanitize = (text: string) => string;

const maxMessageChars = 500;

const named = z.object({
  message: z.string().nullish().catch(undefined),
  detail: z.string().nullish().catch(undefined),
  error: z.unknown().optional(),
  response: z.unknown().optional(),
});

/** An error in a 200 is an `error` that is neither null nor false: some servers send `error: null` with every event. */
export function hasError(answer: unknown): boolean {
  const parsed = named.safeParse(answer);
  return (
    parsed.success &&
    parsed.data.error !== undefined &&
    parsed.data.error !== null &&
    parsed.data.error !== false
  );
}

/**
 * The provider's message about an error: `error.message`, `error`, `message` or `detail` of its JSON, or of the `response`
 * in it, as OpenAI's `response.failed` has it.
 */
export function messageIn(answer: unknown, depth = 0): string | undefined {
  // Some gateways wrap an error in another. A hostile one could wrap it a thousand times.
  const parsed = depth > 3 ? undefined : named.safeParse(answer);
  if (parsed?.success !== true) return undefined;
  const { error, message, detail, response } = parsed.data;
  if (typeof error === 'string' && error !== '') return error;
  return messageIn(error, depth + 1) ?? message ?? detail ?? messageIn(response, depth + 1);
}

/** A text from outside on one line, without secrets, cut to 500 characters. Empty if nothing is left. */
export function present(text: string | undefined, sanitize: Sanitize): string {
  // Secrets first. Cutting first could leave half of one, which no pattern matches.
  const clean = sanitize(text ?? '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return clean.length > maxMessageChars ? `${clean.slice(0, maxMessageChars - 1)}…` : clean;
}
