import { stringAt } from '../../shared/json-members.ts';
import { JsonScanner, type JsonVisitor } from '../../shared/json-scanner.ts';
import { jsonLimits, sliceLimits } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';

/** What the `input` of embeddings, or the `prompt` of completions, has in it. */
export interface InputItems {
  /** Texts, each of which gets an answer of its own. At least 1. */
  readonly texts: number;
  /** Numbers in the place of text: each is a token. */
  readonly tokens: number;
}

const fields = new Set(['input', 'prompt']);
const numberStarts: ReadonlySet<number> = new Set(Buffer.from('-0123456789'));

/** Counts the items of a request's input, which may be a text, tokens, or a list of either. Reads valid JSON only. */
export function* countInput(bytes: Buffer): Work<InputItems> {
  const counter = new InputCounter(bytes);
  const scanner = new JsonScanner(bytes, counter);
  while (scanner.advance(sliceLimits.bytesOfStrings) === undefined) yield;
  return { texts: Math.max(1, counter.texts), tokens: counter.tokens };
}

class InputCounter implements JsonVisitor {
  texts = 0;
  tokens = 0;
  readonly #bytes: Buffer;
  #isInput = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (depth !== 1) return;
    const isShort = end - start <= jsonLimits.nameBytes;
    this.#isInput = isShort && fields.has(stringAt(this.#bytes, start, end, hasEscape));
  }

  begin(_at: number, byte: number, depth: number): void {
    if (!this.#isInput || depth < 2) return;
    if (numberStarts.has(byte)) this.tokens += 1;
    else if (depth === 2) this.texts += 1;
  }

  end(): void {
    // Only beginnings count.
  }
}
