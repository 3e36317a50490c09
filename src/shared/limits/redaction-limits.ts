import { kib, mib } from './units.ts';

export const redactionLimits = {
  /** The headers of one error, of which Node.js itself accepts no more (`maxHeadersCount`). */
  headers: 2_000,
  /** User names and passwords of a URL. Longer ones are data. */
  userInfoChars: 1_024,
  /** Of a text, searched for words at once. */
  searchedChars: 32 * kib,
  /** The beginning of a file, which shows whether it is text. */
  fileHeadBytes: 4 * kib,
  /** Of an error's text no more is read: providers echo whole prompts. */
  readChars: 64 * kib,
  /** The secrets of a prompt that are named and asked about. The rest is redacted, or the prompt is refused. */
  secretsOfPrompt: 100,
  /** Read beyond that, so that a key at its end is seen whole. */
  edgeChars: 8 * kib,
  /** Of what was read no more is shown. */
  shownChars: 8 * kib,
  /** One run of a key's characters. No key is as long, and no slice of a reading takes longer for it. */
  runChars: 64 * kib,
  /** A text that is base64 as a whole and is decoded at once, so that only secrets are blanked. */
  wholeBase64Chars: 8 * mib,
  /** Of base64 in a text, searched at once. */
  decodedBytes: 16 * kib,
  /** Of what was searched, searched again with what follows. A private key has some 3,000. */
  decodedOverlap: 3 * kib,
  /** Of a line with a disguised character, written without disguises at once. */
  disguisedChars: 8 * kib,
  /** Around a disguised character, what may be a part of the same secret. */
  disguisedEdgeChars: kib,
  /** How far a find in base64 may begin before where the reading is. Other finds wait so long, and take memory. */
  waitingChars: mib,
  /** A user's own shapes. Each takes memory for its prefix. */
  ownShapes: 100,
  /** Of a user's own shape. No prefix of a provider has more than 20 characters. */
  prefixChars: 64,
  /** Behind the prefix of a user's own shape. The longest tokens of providers have about 2,000. */
  ownKeyChars: 4_096,
  /** Of the name of a user's own shape, which messages show. */
  shapeNameChars: 64,
} as const;
