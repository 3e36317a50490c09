import * as z from 'zod';
import type { PassThroughFormat } from '../dialect.ts';

const streamOptions = z.looseObject({ include_usage: z.boolean().nullish() }).nullish();
const usageAlone = z.object({ choices: z.array(z.unknown()).max(0), usage: z.object({}) });

export const openaiChatPassThrough: PassThroughFormat = {
  path: '/chat/completions',
  usageOption: {
    name: 'stream_options',
    ask: (value) => {
      const options = streamOptions.safeParse(value).data;
      return options?.include_usage === true ? undefined : { ...options, include_usage: true };
    },
    isUsageAlone: (event) => usageAlone.safeParse(event).success,
  },
};
