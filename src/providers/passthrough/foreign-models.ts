import { plainFieldName } from '../../shared/fold-case.ts';
import { jsonLimits } from '../../shared/limits.ts';
import { stringAt } from '../../shared/json-members.ts';
import type { JsonVisitor } from '../../shared/json-scanner.ts';
import { mayNameModel } from './model-field-names.ts';

/**
 * The fields that hold objects in OpenAI's and Anthropic's protocols, and schemas and documents for other servers. The
 * names in them are theirs or the client's own, and mean no model.
 */
const ownFields = new Set([
  ...['messages', 'tools', 'functions', 'function_call', 'tool_choice', 'response_format', 'metadata'],
  ...['audio', 'prediction', 'web_search_options', 'logit_bias', 'stream_options', 'stop', 'modalities'],
  ...['reasoning', 'system', 'thinking', 'container', 'context_management', 'mcp_servers', 'output_config'],
  ...['output_format', 'stop_sequences'],
  // OpenAI's Responses API, and Google's.
  ...['input', 'text', 'client_metadata', 'contents', 'systemInstruction', 'system_instruction'],
  ...['toolConfig', 'tool_config', 'generationConfig', 'generation_config'],
  // It is removed.
  'fallbacks',
  ...['guided_json', 'structured_outputs', 'json_schema', 'schema', 'format', 'documents'],
]);

/** How deep in a field of its own a gateway may have them. */
const deepest = 8;

/** Finds the name of another model in a field that neither protocol has, while a scanner reads the request. */
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
    if (end - start > jsonLimits.nameBytes) {
      if (depth === 1) this.#isOwn = false;
    } else if (depth === 1) {
      this.#field = stringAt(this.#bytes, start, end, hasEscape);
      this.#isOwn = ownFields.has(this.#field);
    } else if (!this.#isOwn && depth <= deepest && this.#found === undefined) {
      const name = stringAt(this.#bytes, start, end, hasEscape);
      if (mayNameModel(plainFieldName(name))) this.#found = `${this.#field}.${name}`;
    }
  }

  begin(): void {
    // Only names count.
  }

  end(): void {
    // Only names count.
  }
}
