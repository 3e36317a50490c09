import { isObject } from '../../shared/json.ts';
import { listedModelsIn } from '../dialects/model-ids.ts';
import type { ProviderKind } from './catalogue.ts';
import { traitsIn } from './listed-traits.ts';
import type { ModelTraits } from './model-details.ts';

/** Gets the JSON at a path of the server's root, with a body for a POST; undefined if there is none. */
export type AskServer = (path: string, body?: object) => Promise<unknown>;

type TraitsById = ReadonlyMap<string, ModelTraits>;

/** Ollama answers for one model at a time. */
const mostAsked = 100;
const askedAtOnce = 8;

/** What a server says about its models elsewhere than in the list that is common to all, by the server's kind. */
export async function serverTraits(
  kind: ProviderKind,
  ids: readonly string[],
  ask: AskServer,
): Promise<TraitsById> {
  switch (kind) {
    case 'ollama':
      return ollamaTraits(ids, ask);
    // https://lmstudio.ai/docs/api/rest-api
    case 'lmstudio':
      return traitsById(await ask('/api/v0/models'));
    case 'llamacpp':
      return llamaTraits(ids, await ask('/props'));
    // https://docs.litellm.ai/docs/proxy/model_management
    case 'litellm':
      return traitsById(await ask('/model/info'));
    default:
      return new Map();
  }
}

/** The same for a server of the user's own whose program is unknown, as `openai-compatible` is. */
export async function ownServerTraits(ids: readonly string[], ask: AskServer): Promise<TraitsById> {
  const lmStudio = traitsById(await ask('/api/v0/models'));
  if (lmStudio.size > 0) return lmStudio;
  const llama = llamaTraits(ids, await ask('/props'));
  return llama.size > 0 ? llama : tgiTraits(ids, await ask('/info'));
}

/** https://huggingface.github.io/text-generation-inference: it serves one model. */
function tgiTraits(ids: readonly string[], info: unknown): TraitsById {
  const [id, ...others] = ids;
  const limit = isObject(info) ? info['max_total_tokens'] : undefined;
  if (id === undefined || others.length > 0 || limit === undefined) return new Map();
  return new Map([[id, traitsIn({ context_length: limit })]]);
}

function traitsById(list: unknown): TraitsById {
  return new Map(listedModelsIn(list)?.map(({ id, traits }) => [id, traits]));
}

/** https://github.com/ollama/ollama/blob/main/docs/api.md */
async function ollamaTraits(ids: readonly string[], ask: AskServer): Promise<TraitsById> {
  const running = traitsById(await ask('/api/ps'));
  const traits = new Map<string, ModelTraits>();
  const asked = ids.slice(0, mostAsked);
  for (let from = 0; from < asked.length; from += askedAtOnce) {
    const some = asked.slice(from, from + askedAtOnce);
    const shown = await Promise.all(some.map((model) => ask('/api/show', { model })));
    for (const [index, model] of some.entries()) {
      const { contextTokens } = running.get(model) ?? running.get(`${model}:latest`) ?? {};
      traits.set(model, {
        ...shownTraits(shown[index]),
        // A model that runs has the context that it was loaded with.
        ...(contextTokens === undefined ? {} : { contextTokens }),
      });
    }
  }
  return traits;
}

function shownTraits(shown: unknown): ModelTraits {
  if (!isObject(shown)) return {};
  const { model_info: info, parameters } = shown;
  // `parameters` is a text with a line for each one.
  const set = typeof parameters === 'string' ? /^num_ctx\s+(\d{1,9})$/m.exec(parameters)?.[1] : undefined;
  const trained = isObject(info)
    ? Object.entries(info).find(([name]) => name.endsWith('.context_length'))?.[1]
    : undefined;
  return traitsIn({ ...shown, n_ctx: set, context_length: trained });
}

/** https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md: it serves one model. */
function llamaTraits(ids: readonly string[], props: unknown): TraitsById {
  const [id, ...others] = ids;
  if (!isObject(props) || id === undefined || others.length > 0) return new Map();
  const { default_generation_settings: settings, modalities } = props;
  const { n_ctx } = isObject(settings) ? settings : {};
  return new Map([[id, traitsIn({ n_ctx, capabilities: modalities })]]);
}
