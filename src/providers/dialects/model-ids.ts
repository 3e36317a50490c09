import { isObject } from '../../shared/json.ts';
import { traitsIn } from '../config/listed-traits.ts';
import type { ModelTraits } from '../config/model-details.ts';

/** A model in a server's list, with what the list says about it. */
export interface ListedModel {
  readonly id: string;
  readonly traits: ModelTraits;
}

/** Members in which servers have their list of models. */
const listNames = ['data', 'models', 'result', 'items'];
/** Members of an entry that name the model: OpenAI's and Anthropic's, then those of Google, Ollama and others. */
const idNames = ['id', 'name', 'model', 'key', 'slug', 'model_name'];

/**
 * The models in a list, in whichever shape a server sends it; undefined for anything that is not a list. An entry without a
 * name is left out, and so is a model that answers no prompts.
 */
export function listedModelsIn(answer: unknown): ListedModel[] | undefined {
  if (Array.isArray(answer))
    return answer.flatMap((entry) => {
      const id = idOf(entry);
      return id === undefined ? [] : [{ id, traits: traitsIn(entry) }];
    });
  if (!isObject(answer)) return undefined;
  const list = listNames
    .map((name) => answer[name])
    .find((value) => typeof value === 'object' && value !== null);
  return list === undefined ? undefined : listedModelsIn(list);
}

function idOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return named(entry);
  if (!isObject(entry)) return undefined;
  // Google's list also has models for embeddings and images.
  const { supportedGenerationMethods: methods } = entry;
  if (Array.isArray(methods) && !methods.includes('generateContent')) return undefined;
  return idNames.map((name) => named(entry[name], name)).find((id) => id !== undefined);
}

function named(value: unknown, member?: string): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  // Google's names begin with `models/`. In an id that may be the folder of a model's file.
  const id = member === 'name' ? text.replace(/^models\//, '') : text;
  return id === '' ? undefined : id;
}
