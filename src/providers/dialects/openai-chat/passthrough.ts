import * as z from 'zod';
import { isObject } from '../../../shared/json.ts';
import type { PassThroughFormat } from '../dialect.ts';

const streamOptions = z.looseObject({ include_usage: z.boolean().nullish() }).nullish();

export const openaiChatPassThrough: PassThroughFormat = {
  path: '/chat/completions',
  operations: {
    completions: { path: '/completions' },
    embeddings: { path: '/embeddings', answerMembers: ['data'] },
  },
  usageOption: {
    name: 'stream_options',
    ask: (value) => {
      const options = streamOptions.safeParse(value).data;
      return options?.include_usage === true ? undefined : { ...options, include_usage: true };
    },
    isUsageAlone: (event) => {
      if (!isObject(event) || !isObject(event['usage'])) return false;
      const { choices } = event;
      return Array.isArray(choices) && choices.length === 0;
    },
  },
};
