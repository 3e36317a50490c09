import type { DialectDefinition } from '../dialect.ts';
import { googleGenerativeEnd } from './end.ts';
import { googleListing } from './listing.ts';
import { googleGenerativeUsage } from './usage.ts';

/** Google's `streamGenerateContent`. */
export const googleGenerative: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).googleGenerativeModel,
  end: googleGenerativeEnd,
  usage: googleGenerativeUsage,
  listing: googleListing,
};
