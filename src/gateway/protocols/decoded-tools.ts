import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import * as z from 'zod';
import type { Prompt } from '../../guard/call.ts';
import { isObject } from '../../shared/json.ts';
import type { Decoding } from './decoding.ts';

type ToolChoice = NonNullable<Prompt['toolChoice']>;
type Schema = LanguageModelV4FunctionTool['inputSchema'];

/** Tools that name a server or a model of their own. Policy and caps would not see those. */
const refused = /^(?:mcp|image_generation|advisor)/;

const grammar = { syntax: z.string().nullish(), definition: z.string().nullish() };
/** How the free text of a tool is built. Chat completions have the grammar in an object of its own. */
export const textFormat = z
  .looseObject({ type: z.string().nullish(), ...grammar, grammar: z.looseObject(grammar).nullish() })
  .nullish();
type TextFormat = z.infer<typeof textFormat>;

/** The tools of a request. */
export class DecodedTools {
  readonly #decoding: Decoding;
  readonly tools: LanguageModelV4FunctionTool[] = [];
  readonly #dropped = new Set<string>();

  constructor(decoding: Decoding) {
    this.#decoding = decoding;
  }

  function(tool: {
    readonly name: string;
    readonly description?: string | null | undefined;
    readonly schema?: unknown;
    readonly strict?: boolean | null | undefined;
    readonly options?: object;
  }): void {
    const { name, description, schema, strict, options = {} } = tool;
    this.tools.push({
      type: 'function',
      name,
      ...(typeof description === 'string' ? { description } : {}),
      inputSchema: schemaOf(schema),
      ...(typeof strict === 'boolean' ? { strict } : {}),
      ...options,
    });
  }

  /** A tool that takes free text becomes a function with one text. */
  custom(name: string, description: string | undefined, format: TextFormat): void {
    const words = [description, this.#grammarIn(format)].filter((each) => each !== undefined && each !== '');
    this.#decoding.tools.set(name, { ...this.#decoding.tools.get(name), name, isCustom: true });
    this.tools.push({
      type: 'function',
      name,
      ...(words.length === 0 ? {} : { description: words.join('\n\n') }),
      inputSchema: {
        type: 'object',
        properties: { input: { type: 'string', description: 'The whole input of the tool.' } },
        required: ['input'],
        additionalProperties: false,
      },
    });
  }

  #grammarIn(format: TextFormat): string | undefined {
    const { syntax, definition } = format?.grammar ?? format ?? {};
    if (format?.type !== 'grammar' || typeof definition !== 'string') return undefined;
    this.#decoding.lose('grammar');
    return `The input must match this ${syntax ?? 'given'} grammar:\n${definition}`;
  }

  /** A tool that only its own provider knows. */
  provider(type: string, name?: string): void {
    if (refused.test(type))
      this.#decoding.refuse(`tools.${type}`, 'It names a server or a model of its own.');
    else {
      this.#decoding.lose('serverTool', type);
      this.#dropped.add(type);
      if (name !== undefined) this.#dropped.add(name);
    }
  }

  /** The choice, unless it demands a tool that is not there. */
  choice(choice: ToolChoice): { readonly toolChoice?: ToolChoice } {
    const isMissing =
      choice.type === 'tool'
        ? !this.tools.some(({ name }) => name === choice.toolName)
        : choice.type === 'required' && this.tools.length === 0;
    if (isMissing && (choice.type === 'tool' || this.#dropped.size > 0)) {
      this.#decoding.refuse('tool_choice', 'It demands a tool that the provider does not have.');
    }
    return this.tools.length === 0 ? {} : { toolChoice: choice };
  }

  /** Keeps only the tools with these names. */
  keepOnly(names: ReadonlySet<string>): void {
    this.tools.splice(0, this.tools.length, ...this.tools.filter(({ name }) => names.has(name)));
  }

  get inPrompt(): { readonly tools?: LanguageModelV4FunctionTool[] } {
    return this.tools.length === 0 ? {} : { tools: this.tools };
  }
}

/** The schema of a tool's input. Without one the tool takes nothing. */
function schemaOf(schema: unknown): Schema {
  if (!isObject(schema) || Object.keys(schema).length === 0) return { type: 'object', properties: {} };
  return schema;
}
