import { azureMarker, detectors, type Detector } from './detectors.ts';
import { mask } from './places.ts';

/** A range of a text, in UTF-16 code units, that looks like a secret of the `detector`'s kind. */
export interface ShapeMatch {
  readonly detector: Detector;
  readonly index: number;
  readonly length: number;
}

// One pattern for all shapes: one pass over the text costs a third of twenty. Use these only with matchAll and replace,
// which do not depend on lastIndex.
const marked = detectors.filter((detector) => detector.prefixes.length === 0);
const plain = detectors.filter((detector) => detector.prefixes.length > 0);
const loose = {
  plain: new RegExp(plain.map((detector) => detector.pattern).join('|'), 'g'),
  marked: new RegExp(marked.map((detector) => detector.pattern).join('|'), 'g'),
};
const full = {
  plain: new RegExp(plain.map((detector) => detector.fullPattern).join('|'), 'g'),
  marked: new RegExp(marked.map((detector) => detector.fullPattern).join('|'), 'g'),
};
const byLongestPrefix = plain
  .flatMap((detector) => detector.prefixes.map((prefix) => ({ prefix, detector })))
  .sort((left, right) => right.prefix.length - left.prefix.length);

/** Blanks every text with the loose shape of a secret, and keeps its prefix. */
export function redactShapes(text: string): string {
  const clean = text.replace(loose.plain, maskShape);
  return clean.includes(azureMarker) ? clean.replace(loose.marked, maskShape) : clean;
}

/** `sk-***` for a text that starts like a known key, `***` for other text. */
export function maskShape(secret: string): string {
  return (byLongestPrefix.find(({ prefix }) => secret.startsWith(prefix))?.prefix ?? '') + mask;
}

/** Texts with the full length of a real secret, in no particular order. */
export function findFullShapes(text: string): ShapeMatch[] {
  const found: ShapeMatch[] = [];
  for (const match of text.matchAll(full.plain)) {
    const named = byLongestPrefix.find(({ prefix }) => match[0].startsWith(prefix));
    if (named) found.push({ detector: named.detector, index: match.index, length: match[0].length });
  }
  const [azure] = marked;
  if (azure && text.includes(azureMarker)) {
    for (const match of text.matchAll(full.marked)) {
      found.push({ detector: azure, index: match.index, length: match[0].length });
    }
  }
  return found;
}
