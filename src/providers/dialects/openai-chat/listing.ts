import * as z from 'zod';
import type { ModelListing } from '../dialect.ts';

const ids = z.array(z.object({ id: z.string().min(1) })).transform((models) => models.map(({ id }) => id));

/** Most providers wrap the list as OpenAI does, Anthropic too; some send the bare list. */
export const idList: ModelListing['schema'] = z.union([
  z.object({ data: ids }).transform(({ data }) => data),
  ids,
]);

export const openaiListing: ModelListing = { path: '/models', schema: idList };
