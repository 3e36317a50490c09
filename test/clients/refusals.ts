import path from 'node:path';
import * as z from 'zod';

const tomorrow = '46800';

/** The answers that a tool was given to see what it does with each. */
export const refusalKinds = {
  '400': { status: 400 },
  '402': { status: 402 },
  '403': { status: 403 },
  '429': { status: 429 },
  '429, retry-after': { status: 429, headers: { 'retry-after': tomorrow } },
  '429, x-should-retry: false': { status: 429, headers: { 'x-should-retry': 'false' } },
  '503': { status: 503 },
  '503, x-should-retry: false': { status: 503, headers: { 'x-should-retry': 'false' } },
  '503, retry-after': { status: 503, headers: { 'retry-after': '8', 'x-should-retry': 'true' } },
} as const;

export type RefusalName = keyof typeof refusalKinds;

const measuredSchema = z.strictObject({
  /** From the tool's first request until it had shown the words; null if it did not in 40 s. */
  shownSeconds: z.number().nullable(),
  /** Whether it ended by itself. */
  ended: z.boolean(),
  /** With those that it sends besides, such as one for a title. */
  requests: z.int(),
  showed: z.string(),
});
export type Measured = z.infer<typeof measuredSchema>;

const fileSchema = z.record(
  z.string(),
  z.strictObject({ version: z.string(), answers: z.record(z.string(), measuredSchema) }),
);

export const measuredFile = path.join(import.meta.dirname, 'measured.json');

export function parseMeasured(text: string): z.infer<typeof fileSchema> {
  return fileSchema.parse(JSON.parse(text));
}
