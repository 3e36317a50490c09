import { beginsWord } from './boundary.ts';
import { unescapedLength } from './encodings/escapes.ts';
import { startOfRun } from './char-sets.ts';
import { findNamedValue, findNearValue, spellings } from './assigned-value.ts';
import { privateKeyRule } from './key-block.ts';
import { isBlankedAt, mask } from './mask.ts';
import { looksRandom } from './randomness.ts';
import type { Find, Reading, Rule } from './rule.ts';
import type { MarkerShape, NamedShape, PrefixShape, Shape } from './shape.ts';
import { endOfPieces } from './split-key.ts';
import { urlPasswordRule } from './url-password.ts';

/** `loose`: for logs. `full`: for prompts, where a find has to be as long and as random as a real key. */
export type Strength = 'loose' | 'full';

/** What AWS's documentation writes into its keys. */
const dummy = 'EXAMPLE';
/** As lists of packages write it: `sha256=…`, `sha512-…`. */
const checksum = /^sha(?:1|256|384|512)[=-]/;
const longestChecksum = 96;
const dot = 0x2e;
/** A separator of a list, or a line between two lines: `AKIA…","` or `AKIA…:`. */
const betweenPartners = /(?:[\s"',;:|]|%(?:25)?(?:2[02C]|3A)){1,8}/y;
/** A prefix as long as this, with a mark in it, is enough of a beginning inside a word too. */
const tellingPrefix = /^(?=.*[-_.]).{5,}$/;

/** What finds all of `shapes`. */
export function rulesOf(shapes: readonly Shape[], strength: Strength): Rule[] {
  return [
    ...prefixRules(
      shapes.filter((shape) => shape.form === 'prefix'),
      strength,
    ),
    ...shapes.flatMap((shape) => {
      switch (shape.form) {
        case 'prefix':
          return [];
        case 'marker':
          return [markerRule(shape, strength)];
        case 'named':
          return [namedRule(shape)];
        case 'block':
          return [privateKeyRule(shape, strength)];
        case 'url':
          return strength === 'full' ? [urlPasswordRule(shape)] : [];
      }
    }),
  ];
}

/** A beginning or a middle as it is, and as JSON and URLs write it. */
function escaped(word: string): string[] {
  const url = encodeURIComponent(word);
  return [...new Set([word, word.replaceAll('/', String.raw`\/`), url, encodeURIComponent(url)])];
}

interface Prefixed {
  readonly prefix: string;
  readonly shape: PrefixShape;
}

/** One rule for all prefixes that begin alike, so that the most specific one names a key. */
function prefixRules(shapes: readonly PrefixShape[], strength: Strength): Rule[] {
  const all = shapes
    .flatMap((shape) => shape.prefixes.flatMap(escaped).map((prefix): Prefixed => ({ prefix, shape })))
    .sort((left, right) => left.prefix.length - right.prefix.length);
  const families = new Map<string, Prefixed[]>();
  for (const prefixed of all) {
    const word = prefixed.prefix.toLowerCase();
    const stem = [...families.keys()].find((known) => word.startsWith(known)) ?? word;
    families.set(stem, [prefixed, ...(families.get(stem) ?? [])]);
  }
  return [...families].map(([stem, family]) => familyRule(stem, family, strength));
}

/** `family`: all that begin with `stem`, the longest first. */
function familyRule(stem: string, family: readonly Prefixed[], strength: Strength): Rule {
  // Most texts that begin alike differ in the next character.
  const nextOf = ({ prefix }: Prefixed) => prefix.charCodeAt(stem.length);
  const inAnyCase = family.filter(({ prefix }) => prefix.length === stem.length);
  const byNext: (readonly Prefixed[] | undefined)[] = [];
  for (const one of family) {
    const alike = (other: Prefixed) => nextOf(other) === nextOf(one) || inAnyCase.includes(other);
    if (!inAnyCase.includes(one)) byNext[nextOf(one)] = family.filter(alike);
  }
  const isLog = strength === 'loose';
  return {
    words: [stem],
    find: (reading, start) => {
      const { text } = reading;
      for (const prefixed of byNext[text.charCodeAt(start + stem.length)] ?? inAnyCase) {
        const { prefix } = prefixed;
        if (!standsAt(text, start, prefix, stem.length)) continue;
        if (isLog && isBlankedAt(text, start + prefix.length)) return blanked(prefixed, start);
        const find = findPrefixed(prefixed, reading, start, strength);
        if (find !== undefined) return find;
      }
      return undefined;
    },
  };
}

/** Whether `prefix` stands at `start`. Those of a family differ first behind their stem. */
function standsAt(text: string, start: number, prefix: string, stem: number): boolean {
  for (let at = stem; at < prefix.length; at += 1)
    if (text.charCodeAt(start + at) !== prefix.charCodeAt(at)) return false;
  for (let at = 0; at < stem; at += 1)
    if (text.charCodeAt(start + at) !== prefix.charCodeAt(at)) return false;
  return true;
}

function findPrefixed(
  { prefix, shape }: Prefixed,
  reading: Reading,
  start: number,
  strength: Strength,
): Find | undefined {
  const { runs } = reading;
  const from = start + prefix.length;
  const to = runs.end(shape.chars, from);
  if (to - from < shape.loose) return undefined;
  const isDoubtful = strength === 'full' && shape.precision === 'random';
  if (isDoubtful && runs.isDull(from)) return undefined;
  const isWord = beginsWord(reading, start);
  if (!isWord && !tellingPrefix.test(prefix)) return undefined;
  const fewest = strength === 'full' || !isWord ? shape.full : shape.loose;
  const { max = Infinity } = shape;
  const isChecked = isDoubtful || (strength === 'full' && !isWord);
  const key: Candidate = { shape, start, from, max, fewest, isChecked };
  const last = endOfPieces(reading, shape.chars, from, to, shape.full, max);
  // What looks like another piece may be another text.
  return (last > to ? findUpTo(reading, key, last, Infinity) : undefined) ?? findUpTo(reading, key, to, max);
}

/** What may be a key: its prefix is from `start` to before `from`. */
interface Candidate {
  readonly shape: PrefixShape;
  readonly start: number;
  readonly from: number;
  readonly max: number;
  readonly fewest: number;
  readonly isChecked: boolean;
}

function findUpTo(
  reading: Reading,
  { shape, start, from, max, fewest, isChecked }: Candidate,
  last: number,
  longest: number,
): Find | undefined {
  const { text, runs } = reading;
  let end = last;
  while (end > from && text.charCodeAt(end - 1) === dot) end -= 1;
  end = withoutEmphasis(text, from, end, max);
  if (end - from < fewest || end - from > longest) return undefined;
  if (isChecked && (!looksRandom(text, from, end) || isInChecksum(text, start))) return undefined;
  if (shape.accepts?.(text, from, end, runs) === false) return undefined;
  // To the end of the word: a key of a newer format must not leave its end behind a mask.
  const endOfWord = Math.max(end, runs.end('base64url', end));
  return { what: shape, start, end: endOfPartner(shape, reading, endOfWord), kept: from - start };
}

/** The end of the secret behind a key's id, as in `AKIA…,secret`; `end` if there is none. */
function endOfPartner({ partner }: PrefixShape, { text, runs }: Reading, end: number): number {
  if (partner === undefined) return end;
  betweenPartners.lastIndex = end;
  if (!betweenPartners.test(text)) return end;
  const from = betweenPartners.lastIndex;
  const to = runs.end(partner.chars, from);
  if (to - from < partner.length) return end;
  return unescapedLength(text, from, to) === partner.length && looksRandom(text, from, to) ? to : end;
}

/** Checksums in base64 have any beginning of a key in them now and then. */
function isInChecksum(text: string, start: number): boolean {
  const from = startOfRun('base64', text, start, longestChecksum);
  return from < start && checksum.test(text.slice(from, start));
}

/** The `_` behind a key of fixed length is Markdown's. */
function withoutEmphasis(text: string, from: number, to: number, max: number): number {
  return to - from === max + 1 && text[to - 1] === '_' ? to - 1 : to;
}

/** What a log has blanked before counts as found again, so that nothing else is made of it. */
function blanked({ prefix, shape }: Prefixed, start: number): Find {
  const kept = prefix.length;
  return { what: shape, start, end: start + kept + mask.length, kept };
}

function markerRule(shape: MarkerShape, strength: Strength): Rule {
  const { before, after } = shape;
  const words = escaped(shape.marker);
  return {
    words,
    reach: before.max,
    find: (reading, at, end) => {
      const { text, runs } = reading;
      if (!words.includes(text.slice(at, end)) || shape.accepts?.(text, at) === false) return undefined;
      let start = startOfRun(before.chars, text, at, before.max);
      while (shape.glued !== true && at - start >= before.min && !beginsWord(reading, start)) start += 1;
      if (at - start < before.min) return undefined;
      const to = runs.end(after.chars, end);
      if (to - end < after.min) return undefined;
      if (strength === 'full' && shape.precision === 'random' && !looksRandom(text, start, to))
        return undefined;
      return { what: shape, start, end: to, kept: 0 };
    },
  };
}

function namedRule(shape: NamedShape): Rule {
  const { chars, full, max = Infinity } = shape;
  const valueAt = ({ text, runs }: Reading, start: number): Find | undefined => {
    let to = runs.end(chars, start);
    while (to > start && text[to - 1] === '.') to -= 1;
    to = withoutEmphasis(text, start, to, max);
    const length = unescapedLength(text, start, to);
    if (length < full || length > max || !looksRandom(text, start, to)) return undefined;
    if (text.slice(start, to).includes(dummy)) return undefined;
    return { what: shape, start, end: to, kept: 0 };
  };
  return {
    words: shape.names.flatMap(spellings),
    find: (reading, start, end) => {
      const assigned = findNamedValue(reading.text, start, end);
      const find = assigned && valueAt(reading, assigned.start);
      if (find !== undefined) return find;
      const near = findNearValue(reading.text, end);
      return near === undefined ? undefined : valueAt(reading, near);
    },
  };
}
