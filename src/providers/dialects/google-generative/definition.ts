import type { DialectDefinition } from '../dialect.ts';
import { googleContentBytes, googleEventForSdk, googleGenerativeEnd } from './events.ts';
import { googleGenerativeUsage } from './usage.ts';

/** Google's `streamGenerateContent`. */
export const googleGenerative: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).googleGenerativeModel,
  end: googleGenerativeEnd,
  answerMembers: ['candidates', 'promptFeedback'],
  usage: googleGenerativeUsage,
  contentBytes: googleContentBytes,
  forSdk: googleEventForSdk,
  // The most that a page may have (Google's API reference, 'models.list').
  listPath: '/models?pageSize=1000',
};
