import * as z from 'zod';
import type { Target } from '../guard/call.ts';
import type { ErrorReference } from '../guard/outcome.ts';
import { parseJson } from '../shared/json.ts';
import { answerLimits } from '../shared/limits.ts';
import type { AuditReader } from './readers.ts';

/** How many of the latest pauses are searched for the one of a model. */
const pausesRead = 50;

// Stored rows are not trusted.
const word = z.string().max(answerLimits.referenceChars).optional();
const schema = z.object({ provider: z.string(), model: z.string(), code: word, requestId: word });

/** What the provider said when it last asked for a rate-limit pause of the model. */
export function pauseCause(audit: AuditReader, { provider, model }: Target): ErrorReference {
  const { code, requestId } =
    audit
      .latest('rateLimitPause', pausesRead)
      .map(({ body }) => schema.safeParse(parseJson(body)).data)
      .find((pause) => pause?.provider === provider && pause.model === model) ?? {};
  return { ...(code === undefined ? {} : { code }), ...(requestId === undefined ? {} : { requestId }) };
}
