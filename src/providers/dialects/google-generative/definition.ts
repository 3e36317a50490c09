import type { DialectDefinition } from '../dialect.ts';
import { googleContentBytes, googleEventForSdk, googleGenerativeEnd } from './events.ts';
import { googleListing } from './listing.ts';
import { googleGenerativeUsage } from './usage.ts';

/** Google's `streamGenerateContent`. */
export const googleGenerative: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).googleGenerativeModel,
  end: googleGenerativeEnd,
  answerMembers: ['candidates', 'promptFeedback'],
  usage: googleGenerativeUsage,
  contentBytes: googleContentBytes,
  forSdk: googleEventForSdk,
  listing: googleListing,
};
