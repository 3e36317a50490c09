import * as z from 'zod';
import type { PassThroughFormat } from '../dialect.ts';
import { textBytes } from '../text-bytes.ts';

const block = z.object({
  type: z.enum(['content_block_start', 'content_block_delta']),
  content_block: z.unknown().optional(),
  delta: z.unknown().optional(),
});

export const anthropicMessagesPassThrough: PassThroughFormat = {
  path: '/messages',
  contentBytes: (json) => {
    const { content_block: opened, delta } = block.safeParse(json).data ?? {};
    return textBytes(opened) + textBytes(delta);
  },
};
