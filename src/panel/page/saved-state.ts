import * as z from 'zod/mini';
import { viewSchema } from '../panel-messages.ts';
import { sortColumns } from './model-sort.ts';

const chartIds = ['requests', 'tokens', 'cost', 'duration', 'firstContent'] as const;

export type ChartId = (typeof chartIds)[number];

/** What VS Code keeps of the page while it is hidden, and over a reload. */
const savedSchema = z.object({
  view: viewSchema,
  sort: z.object({ column: z.enum(sortColumns), descending: z.boolean() }),
  /** The charts that are shown as tables. */
  tables: z.array(z.enum(chartIds)).check(z.maxLength(chartIds.length)),
});

export type SavedState = z.infer<typeof savedSchema>;

const initial: SavedState = {
  view: { range: '7d', stackBy: 'provider' },
  sort: { column: 'requests', descending: true },
  tables: [],
};

/** Reads the saved state. Starts new if it cannot be read, for example after an update. */
export function parseSavedState(kept: unknown): SavedState {
  const parsed = savedSchema.safeParse(kept);
  return parsed.success ? parsed.data : initial;
}
