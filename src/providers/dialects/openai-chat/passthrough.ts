import * as z from 'zod';
import { parseJson } from '../../../shared/json.ts';
import { dataOf } from '../../passthrough/passthrough-events.ts';
import type { PassThroughFormat } from '../dialect.ts';
import { textBytes } from '../text-bytes.ts';

const streamOptions = z.looseObject({ include_usage: z.boolean().nullish() }).nullish();
const chunk = z.object({ choices: z.array(z.object({ delta: z.unknown().optional() })) });
const usageAlone = z.object({ choices: z.array(z.unknown()).max(0), usage: z.object({}) });
const noChoices = /"choices"\s*:\s*\[\s*\]/;

export const openaiChatPassThrough: PassThroughFormat = {
  path: '/chat/completions',
  usageOption: {
    name: 'stream_options',
    ask: (value) => {
      const options = streamOptions.safeParse(value).data;
      return options?.include_usage === true ? undefined : { ...options, include_usage: true };
    },
    isUsageAlone: (event) => {
      if (!event.includes('"usage"') || !noChoices.test(event.toString())) return false;
      const data = dataOf(event);
      return data !== undefined && usageAlone.safeParse(parseJson(data)).success;
    },
  },
  contentBytes: (json) => {
    const { choices = [] } = chunk.safeParse(json).data ?? {};
    return choices.reduce((sum, { delta }) => sum + textBytes(delta), 0);
  },
};
