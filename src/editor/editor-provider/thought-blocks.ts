import type { JSONObject } from '@ai-sdk/provider';
import type { SentPart } from '../../guard/sender-port.ts';
import { isObject, parseJson } from '../../shared/json.ts';
import type { ThinkingPart } from '../language-model/thinking-part.ts';

/** Under this name a block of reasoning has the id and the metadata of VS Code's parts. */
export const thinkingOptions = 'vscode';

/** Makes blocks of a vendor's thinking parts: those with one id that follow each other are one block. */
export class ThoughtBlocks {
  #count = 0;
  #partId: string | undefined;
  #open: string | undefined;

  *add({ value, id, metadata }: ThinkingPart): Generator<SentPart, void, void> {
    if (id !== this.#partId) yield* this.end();
    if (this.#open === undefined) {
      this.#count += 1;
      this.#open = `thought-${this.#count}`;
      this.#partId = id;
      yield { part: { type: 'reasoning-start', id: this.#open }, content: false };
    }
    const delta = typeof value === 'string' ? value : value.join('');
    // Another extension may put anything there. What JSON cannot hold is left out.
    const json = parseJson(JSON.stringify({ id, metadata }));
    const providerMetadata = { [thinkingOptions]: isObject(json) ? (json as JSONObject) : {} };
    yield {
      part: { type: 'reasoning-delta', id: this.#open, delta, providerMetadata },
      content: delta !== '',
    };
  }

  *end(): Generator<SentPart, void, void> {
    if (this.#open === undefined) return;
    yield { part: { type: 'reasoning-end', id: this.#open }, content: false };
    this.#open = undefined;
  }
}
