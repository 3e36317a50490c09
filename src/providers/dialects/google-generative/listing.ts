import * as z from 'zod';
import type { ModelListing } from '../dialect.ts';

/** Google's names begin with `models/`, and not every model answers a prompt. */
const schema = z
  .object({
    models: z.array(
      z.object({ name: z.string().min(1), supportedGenerationMethods: z.array(z.string()).default([]) }),
    ),
  })
  .transform(({ models }) =>
    models
      .filter(({ supportedGenerationMethods: methods }) => methods.includes('generateContent'))
      .map(({ name }) => name.replace(/^models\//, '')),
  );

/** With the most models that a page may have (Google's API reference, 'models.list'). */
export const googleListing: ModelListing = { path: '/models?pageSize=1000', schema };
