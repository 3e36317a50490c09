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
 * The fields of each client's protocol that are not translated, by the names that lead to them. The first name inside of
 * a message is the type of the part. A field that is not listed is dropped. A field counts as absent if its value asks for
 * nothing; see `asksForNothing`.
 */
export const fieldRules = {
  'openai-chat': {
    // Read from the request before it is translated.
    model: 'ignore',
    stream: 'ignore',
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
    'stream_options.include_obfuscation': 'ignore',
    'messages.name': 'drop',
    'messages.audio': 'drop',
    // An older form of a call, which has no id.
    'messages.function_call': 'refuse',
    // Every call has a name, and a custom one has an input.
    'messages.tool_calls.type': 'ignore',
    // How sharply OpenAI's models look at an image.
    'image_url.image_url.detail': 'drop',
    // What a client keeps of an earlier answer.
    'messages.annotations': 'drop',
    'messages.reasoning_details': 'drop',
    'messages.tool_calls.index': 'ignore',
    'messages.tool_calls.extra_content': 'drop',
  },
  'openai-responses': {
    model: 'ignore',
    stream: 'ignore',
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
    'reasoning.summary': 'ignore',
    'reasoning.generate_summary': 'ignore',
    'input_image.detail': 'drop',
    // What an earlier answer says of its items. The ids are those of another provider.
    'message.id': 'ignore',
    'message.status': 'ignore',
    'message.phase': 'drop',
    'output_text.annotations': 'drop',
    'output_text.logprobs': 'drop',
    'reasoning.id': 'ignore',
    'reasoning.status': 'ignore',
    'reasoning.encrypted_content': 'drop',
    'function_call.id': 'ignore',
    'function_call.status': 'ignore',
    'function_call_output.id': 'ignore',
    'function_call_output.status': 'ignore',
    'custom_tool_call.id': 'ignore',
    'custom_tool_call.status': 'ignore',
    'custom_tool_call_output.id': 'ignore',
    'custom_tool_call_output.status': 'ignore',
    'additional_tools.id': 'ignore',
    'additional_tools.role': 'ignore',
  },
  'anthropic-messages': {
    model: 'ignore',
    stream: 'ignore',
    container: 'refuse',
    mcp_servers: 'refuse',
    metadata: 'drop',
    service_tier: 'drop',
    inference_geo: 'drop',
    context_management: 'drop',
    speed: 'drop',
    'thinking.display': 'drop',
    'thinking.signature': 'drop',
    'redacted_thinking.data': 'drop',
    'text.citations': 'drop',
    'document.citations': 'drop',
    'search_result.citations': 'drop',
    // Who calls a tool. A program of the provider's cannot, because it is dropped.
    'tool_use.caller': 'ignore',
    'tools.allowed_callers': 'drop',
    'tools.defer_loading': 'drop',
    'tools.eager_input_streaming': 'drop',
    'tools.input_examples': 'drop',
  },
  'google-generative': {
    cachedContent: 'refuse',
    safetySettings: 'drop',
    labels: 'drop',
    serviceTier: 'drop',
    store: 'ignore',
    model: 'ignore',
    'systemInstruction.role': 'ignore',
    'contents.parts.thoughtSignature': 'drop',
    'contents.parts.videoMetadata': 'drop',
    'contents.parts.mediaResolution': 'drop',
    'contents.parts.functionResponse.willContinue': 'drop',
    'contents.parts.functionResponse.scheduling': 'drop',
    'tools.functionDeclarations.behavior': 'drop',
    'tools.functionDeclarations.response': 'drop',
    'tools.functionDeclarations.responseJsonSchema': 'drop',
    'toolConfig.retrievalConfig': 'drop',
    'toolConfig.functionCallingConfig.mode': 'drop',
    'generationConfig.responseMimeType': 'drop',
    'generationConfig.candidateCount': 'refuse',
    'generationConfig.responseModalities': 'drop',
    'generationConfig.responseLogprobs': 'drop',
    'generationConfig.logprobs': 'drop',
    'generationConfig.mediaResolution': 'drop',
    'generationConfig.speechConfig': 'refuse',
    'generationConfig.imageConfig': 'drop',
    'generationConfig.enableEnhancedCivicAnswers': 'drop',
    'generationConfig.audioTimestamp': 'drop',
    'generationConfig.routingConfig': 'refuse',
    'generationConfig.modelSelectionConfig': 'refuse',
    'generationConfig.modelConfig': 'refuse',
    // Every answer has the thoughts that the model gives, because their signatures have to come back.
    'generationConfig.thinkingConfig.includeThoughts': 'ignore',
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

/** A field's name for the log: short, and only the characters of a name. */
export function fieldName(name: string): string {
  const isName = name.length <= gatewayLimits.shownPathChars && /^[\w$.:@-]+$/.test(name);
  return isName ? name : 'unknown name';
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
  detail: ['auto'],
  caller: [{ type: 'direct' }],
  mode: ['AUTO', 'MODE_UNSPECIFIED'],
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
  fields: Iterable<readonly [field: string, value: unknown]>,
): { readonly losses: readonly Loss[]; readonly refused: string | undefined } {
  const rules: Readonly<Record<string, LossRule>> = fieldRules[protocol];
  const losses: Loss[] = [];
  let refused: string | undefined;
  for (const [field, value] of fields) {
    if (asksForNothing(field.slice(field.lastIndexOf('.') + 1), value)) continue;
    const rule = Object.hasOwn(rules, field) ? rules[field] : 'drop';
    if (rule === 'refuse') refused ??= field;
    else if (rule !== 'ignore') losses.push(fieldName(field));
  }
  return { losses, refused };
}
