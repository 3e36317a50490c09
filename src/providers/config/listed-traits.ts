import { isObject } from '../../shared/json.ts';
import type { ModelTraits } from './model-details.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What servers call the context that a model has now, which may be less than it could have: LM Studio, llama.cpp. */
const loadedNames = ['loaded_context_length', 'n_ctx'];
/** vLLM, OpenRouter, Together and many others, Mistral and LM Studio, Groq, GitHub Copilot. */
const contextNames = [
  ...['max_model_len', 'context_length', 'max_context_length', 'context_window', 'context_size'],
  ...['max_context_window_tokens', 'max_context_tokens', 'contextLength', 'n_ctx_train'],
];
/** Google, GitHub Models, LiteLLM, Anthropic. */
const inputNames = ['inputTokenLimit', 'max_input_tokens', 'max_prompt_tokens'];
const outputNames = [
  ...['max_completion_tokens', 'max_output_tokens', 'outputTokenLimit', 'max_output_length'],
];
/** Members of an entry, and of what is in them, that hold more of the same. */
const innerNames = [
  ...['top_provider', 'limits', 'meta', 'metadata', 'model_info', 'capabilities', 'supports', 'architecture'],
  ...['info', 'config', 'details'],
];

/** What a server's list says about one of its models, in whichever of the known shapes. */
export function traitsIn(entry: unknown): ModelTraits {
  if (!isObject(entry)) return {};
  const places = placesIn(entry);
  const loaded = smallest(places, loadedNames) ?? loadedInstance(entry);
  const input = first(places, inputNames);
  const output = first(places, outputNames);
  const context = loaded ?? first(places, contextNames) ?? sum(input, output);
  const words = new Set(places.flatMap(wordsIn));
  const traits = {
    contextTokens: context,
    maxOutputTokens: output,
    tools: flagIn(places, toolNames) ?? said(words, toolWords, abilitiesIn(places)),
    images: flagIn(places, imageNames) ?? said(words, imageWords, modalitiesIn(places)),
    reasoning: flagIn(places, reasoningNames) ?? (hasAny(words, reasoningWords) ? true : undefined),
    chats: chats(entry, places, words),
  };
  return Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== undefined));
}

/** The entry and the objects in it, at most two levels deep. */
function placesIn(entry: Fields): Fields[] {
  const inside = (fields: Fields) => innerNames.map((name) => fields[name]).filter(isObject);
  const once = inside(entry);
  return [entry, ...once, ...once.flatMap(inside)];
}

function countsIn(places: readonly Fields[], names: readonly string[]): number[] {
  return names
    .flatMap((name) => places.map((fields) => fields[name]))
    .flatMap((value) => {
      const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
      return Number.isSafeInteger(count) && Number(count) > 0 && Number(count) <= 1_000_000_000
        ? [Number(count)]
        : [];
    });
}

function first(places: readonly Fields[], names: readonly string[]): number | undefined {
  return countsIn(places, names)[0];
}

function smallest(places: readonly Fields[], names: readonly string[]): number | undefined {
  const counts = countsIn(places, names);
  return counts.length === 0 ? undefined : Math.min(...counts);
}

function sum(input: number | undefined, output: number | undefined): number | undefined {
  return input === undefined ? undefined : input + (output ?? 0);
}

/** LM Studio's own list. */
function loadedInstance({ loaded_instances: instances }: Fields): number | undefined {
  if (!Array.isArray(instances)) return undefined;
  return smallest(
    instances
      .filter(isObject)
      .map(({ config }) => config)
      .filter(isObject),
    ['context_length'],
  );
}

const toolNames = [
  ...['tools', 'supports_tools', 'tool_calls', 'function_calling', 'supports_function_calling', 'tool_use'],
  ...['trained_for_tool_use', 'supports_tool_calling', 'supports_tool_use'],
];
const imageNames = ['vision', 'supports_vision', 'supports_image_in', 'supports_image_input', 'image_input'];
const reasoningNames = ['thinking', 'reasoning', 'supports_reasoning', 'supports_thinking'];
const toolWords = [
  'tools',
  'tool_use',
  'tool-use',
  'tool-calling',
  'tool_calling',
  'tool_choice',
  'function_calling',
  'function-calling',
];
const imageWords = ['image', 'vision', 'image-input', 'vlm', 'multimodal'];
const reasoningWords = ['thinking', 'reasoning', 'include_reasoning', 'reasoning_effort'];

function flagIn(places: readonly Fields[], names: readonly string[]): boolean | undefined {
  for (const name of names)
    for (const fields of places) {
      const value = fields[name];
      if (typeof value === 'boolean') return value;
      // Anthropic: `{ "supported": true }`.
      if (isObject(value) && typeof value['supported'] === 'boolean') return value['supported'];
    }
  return undefined;
}

/** Lists of abilities. A list that lacks a word says that the model lacks the ability. */
const abilityLists = ['capabilities', 'supported_parameters', 'supported_features', 'features', 'tags'];
const modalityLists = [
  'input_modalities',
  'supported_input_modalities',
  'supportedInputModalities',
  'modalities',
];
const outputLists = ['output_modalities', 'supported_output_modalities', 'supportedOutputModalities'];

function listsIn(places: readonly Fields[], names: readonly string[]): string[][] {
  return names
    .flatMap((name) => places.map((fields) => fields[name]))
    .filter((value): value is unknown[] => Array.isArray(value) && value.length > 0)
    .map((list) => list.filter((word) => typeof word === 'string').map((word) => word.toLowerCase()));
}

const abilitiesIn = (places: readonly Fields[]) => listsIn(places, abilityLists).length > 0;
const modalitiesIn = (places: readonly Fields[]) =>
  listsIn(places, [...modalityLists, 'capabilities']).length > 0;

function wordsIn(fields: Fields): string[] {
  const { type, modality } = fields;
  // OpenRouter's older list: `text+image->text`.
  const [inputs = ''] = typeof modality === 'string' ? modality.split('->') : [];
  return [
    ...listsIn([fields], [...abilityLists, ...modalityLists]).flat(),
    ...inputs.toLowerCase().split('+'),
    ...(type === 'vlm' ? [type] : []),
  ];
}

function hasAny(words: ReadonlySet<string>, wanted: readonly string[]): boolean {
  return wanted.some((word) => words.has(word));
}

function said(
  words: ReadonlySet<string>,
  wanted: readonly string[],
  isComplete: boolean,
): boolean | undefined {
  if (hasAny(words, wanted)) return true;
  return isComplete ? false : undefined;
}

/** Types, modes and tasks of models that answer no prompts. */
const otherTypes =
  /embed|rank|image|video|audio|speech|tts|transcri|moderation|score|ocr|classif|similarity|feature-extraction|diffusion|guard/;
/** The same of models that do. Hugging Face's tasks name what goes in and what comes out. */
const chatTypes =
  /^(?:chat|llm|vlm|language|code|conversational|responses|multimodal|any-to-any|text[- ]generation)$|^(?:[a-z]+-)+text-to-text$/;
const chatWords = ['completion', 'chat', 'chat-completion', 'text-generation', 'generatecontent'];
const chatFlags = ['completion_chat', 'supports_chat', 'chat_completion', 'chatCompletion'];
const endpointLists = ['endpoints', 'supported_endpoints', 'supported_endpoint_types'];

/** Whether the model answers prompts. Its type comes before what goes in and comes out. */
function chats(entry: Fields, places: readonly Fields[], words: ReadonlySet<string>): boolean | undefined {
  const types = places.flatMap(typesIn);
  if (types.some((type) => chatTypes.test(type))) return true;
  if (types.some((type) => otherTypes.test(type))) return false;
  const flag = flagIn(places, chatFlags);
  if (flag !== undefined) return flag;
  const methods = listsIn([entry], ['supportedGenerationMethods'])[0];
  if (methods !== undefined && !methods.includes('generatecontent')) return false;
  const endpoints = listsIn(places, endpointLists)[0];
  if (endpoints?.every((endpoint) => otherTypes.test(endpoint)) === true) return false;
  const [inputs, outputs] = modalitiesOf(places);
  if (outputs !== undefined) return outputs.includes('text') && inputs?.includes('text') !== false;
  if (words.has('embedding') || words.has('embeddings')) return hasAny(words, chatWords);
  return undefined;
}

function typesIn({ type, mode, task, pipeline_tag: tag, model_type: modelType }: Fields): string[] {
  return [type, mode, isObject(task) ? task['name'] : task, tag, modelType]
    .filter((kind) => typeof kind === 'string')
    .map((kind) => kind.toLowerCase().replaceAll('_', '-'));
}

/** What goes in and what comes out, as two lists or as OpenRouter's `text+image->text`. */
function modalitiesOf(places: readonly Fields[]): readonly (readonly string[] | undefined)[] {
  const inputs = listsIn(
    places,
    modalityLists.filter((name) => name !== 'modalities'),
  )[0];
  const outputs = listsIn(places, outputLists)[0];
  if (outputs !== undefined) return [inputs, outputs];
  const written = places.map(({ modality }) => modality).find((value) => typeof value === 'string');
  const sides = written?.toLowerCase().split('->');
  return sides?.length === 2 ? [sides[0]?.split('+'), sides[1]?.split('+')] : [inputs];
}
