import type { DialectDefinition } from '../dialect.ts';
import { googleContentBytes, googleGenerativeEnd } from './events.ts';
import { googlePassThrough } from './passthrough.ts';
import { googleEventForSdk } from './sdk-events.ts';
import { googleGenerativeUsage } from './usage.ts';

/** Google's `streamGenerateContent`. */
export const googleGenerative: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).googleGenerativeModel,
  loadFit: async () => (await import('./fit.ts')).fitGoogle,
  end: googleGenerativeEnd,
  answerMembers: ['candidates', 'promptFeedback'],
  usage: googleGenerativeUsage,
  contentBytes: googleContentBytes,
  sdkEvents: () => googleEventForSdk,
  // The most that a page may have (Google's API reference, 'models.list').
  listPath: '/models?pageSize=1000',
  passThrough: googlePassThrough,
};
