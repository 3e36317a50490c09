import type { Prompt } from '../../guard/call.ts';
import type { Decoding } from './decoding.ts';

type Verbosity = NonNullable<NonNullable<Prompt['controls']>['verbosity']>;

type Effort = NonNullable<Prompt['reasoning']>;

const efforts: ReadonlySet<string> = new Set<Effort>([
  ...(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const),
]);

/** How hard the model should think, in whichever case a protocol writes it. An unknown word is dropped. */
export function effortOf(
  word: string | null | undefined,
  field: string,
  decoding: Decoding,
): Effort | undefined {
  if (word === undefined || word === null) return undefined;
  const effort = word.toLowerCase();
  if (isEffort(effort)) return effort;
  decoding.drop(field);
  return undefined;
}

function isEffort(word: string): word is Effort {
  return efforts.has(word);
}

/** How long the answer should be. An unknown word is dropped. */
export function verbosityOf(
  word: string | null | undefined,
  field: string,
  decoding: Decoding,
): Verbosity | undefined {
  if (word === 'low' || word === 'medium' || word === 'high') return word;
  if (word !== undefined && word !== null) decoding.drop(field);
  return undefined;
}
