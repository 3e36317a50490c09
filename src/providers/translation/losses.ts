import { gatewayLimits } from '../../shared/limits.ts';
/** The name of something that a translated request or its answer does not carry, as the log shows it. */
export type Loss = string;

/**
 * What happens to a field or a part that has no place in a translated prompt. `drop`: the request goes out without it,
 * and the log says so. `refuse`: the answer would mean something else without it. `ignore`: it has no effect on a
 * translated answer.
 */
export type LossRule = 'drop' | 'refuse' | 'ignore';

/**
 * The fields of each client's protocol that are not translated. A field that is not listed is dropped. A field counts
 * as absent if its value asks for nothing; see `asksForNothing`.
 */
export const fieldRules = {
  'openai-chat': {
    // More than one answer, another kind of answer, or an older form of tools.
    n: 'refuse',
    audio: 'refuse',
    functions: 'refuse',
    function_call: 'refuse',
    // A promise about the form of the answer that other dialects cannot keep.
    logprobs: 'drop',
    top_logprobs: 'drop',
    logit_bias: 'drop',
    prediction: 'drop',
    modalities: 'drop',
    web_search_options: 'drop',
    metadata: 'drop',
    store: 'drop',
    user: 'drop',
    safety_identifier: 'drop',
    service_tier: 'drop',
    prompt_cache_key: 'drop',
    prompt_cache_retention: 'drop',
    stream_options: 'ignore',
  },
  'openai-responses': {
    // State at the provider, which the target does not have.
    previous_response_id: 'refuse',
    conversation: 'refuse',
    prompt: 'refuse',
    background: 'refuse',
    max_tool_calls: 'drop',
    top_logprobs: 'drop',
    metadata: 'drop',
    client_metadata: 'drop',
    user: 'drop',
    safety_identifier: 'drop',
    service_tier: 'drop',
    prompt_cache_key: 'drop',
    prompt_cache_retention: 'drop',
    truncation: 'drop',
    context_management: 'drop',
    // Reasoning comes back in a form that carries what the target needs of it.
    include: 'ignore',
    // The prompt is complete, so nothing has to be stored.
    store: 'ignore',
    stream_options: 'ignore',
  },
  'anthropic-messages': {
    container: 'refuse',
    mcp_servers: 'refuse',
    metadata: 'drop',
    service_tier: 'drop',
    inference_geo: 'drop',
    context_management: 'drop',
    speed: 'drop',
  },
  'google-generative': {
    cachedContent: 'refuse',
    safetySettings: 'drop',
    labels: 'drop',
    serviceTier: 'drop',
    store: 'ignore',
    candidateCount: 'refuse',
    responseModalities: 'drop',
    responseLogprobs: 'drop',
    logprobs: 'drop',
    mediaResolution: 'drop',
    speechConfig: 'refuse',
    imageConfig: 'drop',
    enableEnhancedCivicAnswers: 'drop',
    audioTimestamp: 'drop',
    routingConfig: 'refuse',
    modelSelectionConfig: 'refuse',
    modelConfig: 'refuse',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, LossRule>>>>;

/** What happens to parts of a prompt or an answer, by the name under which the log shows them. */
export const partRules = {
  /** A tool that the provider itself runs. Refused if the tool choice demands it. */
  serverTool: 'drop',
  /** A file behind an id at the provider. */
  fileReference: 'refuse',
  /** A part of a message of a kind that is not known here. */
  unknownPart: 'drop',
  /** A call of a provider's own tool in an earlier answer, and its result. */
  serverToolCall: 'drop',
  /** Marks for the provider's cache, outside Anthropic's dialect. */
  cacheControl: 'drop',
  /** Reasoning that another model made, or that has lost its signature. */
  foreignReasoning: 'drop',
  /** Sources of an answer. */
  citations: 'drop',
  /** A file in an answer, for a protocol without a place for it. */
  answerFile: 'drop',
  /** The rules by which a tool's free text is built. */
  grammar: 'drop',
  /** A wish that the target's model does not know. */
  modelOption: 'drop',
} as const satisfies Readonly<Record<string, LossRule>>;

export type PartLoss = keyof typeof partRules;

/** The name of a lost part. `detail` is a type or a field, never content. */
export function lossOf(kind: PartLoss, detail?: string): Loss {
  return detail === undefined ? kind : `${kind} (${detail})`;
}

/** Values with which a request asks for what it gets anyway. */
const defaults: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  candidateCount: [1],
  service_tier: ['auto', 'default'],
  serviceTier: ['auto', 'default'],
  truncation: ['disabled'],
  top_logprobs: [0],
  modalities: [['text']],
  responseModalities: [['TEXT'], ['text']],
  function_call: ['none'],
};

/** Whether a field's value asks for nothing: null, false, empty, or the default. */
export function asksForNothing(field: string, value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  if (typeof value === 'object' && Object.keys(value).length === 0) return true;
  const text = JSON.stringify(value);
  return (
    Object.hasOwn(defaults, field) && (defaults[field] ?? []).some((each) => JSON.stringify(each) === text)
  );
}

/** The fields of a request that are lost, and the first one that must not be. */
export function fieldLosses(
  protocol: keyof typeof fieldRules,
  fields: Readonly<Record<string, unknown>>,
): { readonly losses: readonly Loss[]; readonly refused: string | undefined } {
  const rules: Readonly<Record<string, LossRule>> = fieldRules[protocol];
  const losses: Loss[] = [];
  let refused: string | undefined;
  for (const [field, value] of Object.entries(fields)) {
    if (asksForNothing(field, value)) continue;
    const rule = Object.hasOwn(rules, field) ? rules[field] : 'drop';
    if (rule === 'refuse') refused ??= field;
    else if (rule !== 'ignore') losses.push(field.slice(0, gatewayLimits.shownFieldChars));
  }
  return { losses, refused };
}
