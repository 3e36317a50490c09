import { foldCase } from '../../shared/fold-case.ts';
import { stringAt } from '../../shared/json-members.ts';
import type { JsonVisitor } from '../../shared/json-scanner.ts';

/** The fields of OpenAI's and Anthropic's protocols that hold objects. What is in them is theirs, whatever its name. */
const ownFields = new Set([
  ...[
    'messages',
    'tools',
    'functions',
    'function_call',
    'tool_choice',
    'response_format',
    'metadata',
    'audio',
  ],
  ...['prediction', 'web_search_options', 'logit_bias', 'stream_options', 'stop', 'modalities', 'reasoning'],
  ...[
    'system',
    'thinking',
    'container',
    'context_management',
    'mcp_servers',
    'output_config',
    'output_format',
  ],
  ...['stop_sequences'],
]);

/** What gateways call the other models that they may ask (Vercel's `providerOptions.gateway.models`, orq.ai's `orq`). */
const otherModels = new Set(['models', 'fallbacks', 'fallback_models', 'fallbackmodels']);

/** How deep in a field of its own a gateway may have them. */
const deepest = 4;

/** Finds a list of other models in a field that neither protocol has, while a scanner reads the request. */
export class ForeignModels implements JsonVisitor {
  readonly #bytes: Buffer;
  #field = '';
  #isOwn = false;
  #found: string | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Where the first one is, as `providerOptions.models`. */
  get found(): string | undefined {
    return this.#found;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (depth === 1) {
      this.#field = stringAt(this.#bytes, start, end, hasEscape);
      this.#isOwn = ownFields.has(this.#field);
    } else if (!this.#isOwn && depth <= deepest && this.#found === undefined) {
      const name = foldCase(stringAt(this.#bytes, start, end, hasEscape));
      if (otherModels.has(name)) this.#found = `${this.#field}.${name}`;
    }
  }

  begin(): void {
    // Only names count.
  }

  end(): void {
    // Only names count.
  }
}
