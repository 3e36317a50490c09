import { providerKinds } from './catalogue.ts';

/** The environment variables from which SDKs and well-known tools read a provider's key, by provider. */
const namesByProvider: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY OPENAI_KEY',
  anthropic: 'ANTHROPIC_API_KEY CLAUDE_API_KEY',
  google:
    'GEMINI_API_KEY GOOGLE_API_KEY GOOGLE_GENERATIVE_AI_API_KEY GOOGLE_GENAI_API_KEY GOOGLE_AI_API_KEY GOOGLE_GEMINI_API_KEY',
  azure: 'AZURE_OPENAI_API_KEY AZURE_OPENAI_KEY',
  foundry: 'ANTHROPIC_FOUNDRY_API_KEY AZURE_AI_API_KEY AZURE_INFERENCE_CREDENTIAL',
  vertex: 'GOOGLE_VERTEX_API_KEY VERTEX_API_KEY',
  xai: 'XAI_API_KEY GROK_API_KEY',
  codestral: 'CODESTRAL_API_KEY',
  lmstudio: 'LM_STUDIO_API_KEY LM_API_TOKEN',
  together: 'TOGETHER_API_KEY TOGETHER_AI_API_KEY TOGETHERAI_API_KEY',
  fireworks: 'FIREWORKS_API_KEY FIREWORKS_AI_API_KEY',
  cerebras: 'CEREBRAS_API_KEY',
  nvidia: 'NVIDIA_API_KEY NVIDIA_NIM_API_KEY',
  perplexity: 'PERPLEXITY_API_KEY PERPLEXITYAI_API_KEY PPLX_API_KEY',
  cohere: 'COHERE_API_KEY CO_API_KEY',
  huggingface:
    'HF_TOKEN HF_API_KEY HF_API_TOKEN HUGGINGFACE_API_KEY HUGGINGFACEHUB_API_TOKEN HUGGING_FACE_HUB_TOKEN',
  bedrock: 'AWS_BEARER_TOKEN_BEDROCK BEDROCK_API_KEY',
  copilot: 'COPILOT_PROVIDER_API_KEY COPILOT_PROVIDER_BEARER_TOKEN',
  alibaba: 'ALIBABA_API_KEY DASHSCOPE_API_KEY QWEN_API_KEY',
  ai21: 'AI21_API_KEY',
  anyscale: 'ANYSCALE_API_KEY',
  baseten: 'BASETEN_API_KEY',
  chutes: 'CHUTES_API_KEY',
  cloudflare: 'CLOUDFLARE_AI_API_KEY',
  databricks: 'DATABRICKS_API_KEY',
  deepinfra: 'DEEPINFRA_API_KEY DEEPINFRA_API_TOKEN DEEPINFRA_TOKEN',
  friendli: 'FRIENDLI_API_KEY FRIENDLI_TOKEN',
  featherless: 'FEATHERLESS_API_KEY',
  hyperbolic: 'HYPERBOLIC_API_KEY',
  jina: 'JINA_API_KEY JINA_AI_API_KEY',
  lambda: 'LAMBDA_API_KEY',
  litellm: 'LITELLM_API_KEY LITELLM_MASTER_KEY LITELLM_PROXY_API_KEY',
  llama: 'LLAMA_API_KEY META_LLAMA_API_KEY',
  minimax: 'MINIMAX_API_KEY',
  moonshot: 'MOONSHOT_API_KEY KIMI_API_KEY',
  morph: 'MORPH_API_KEY',
  nebius: 'NEBIUS_API_KEY',
  novita: 'NOVITA_API_KEY',
  opencode: 'OPENCODE_API_KEY',
  poe: 'POE_API_KEY',
  replicate: 'REPLICATE_API_TOKEN REPLICATE_API_KEY',
  requesty: 'REQUESTY_API_KEY',
  sambanova: 'SAMBANOVA_API_KEY',
  siliconflow: 'SILICONFLOW_API_KEY',
  vercel: 'AI_GATEWAY_API_KEY VERCEL_AI_GATEWAY_API_KEY V0_API_KEY',
  volcengine: 'ARK_API_KEY VOLCENGINE_API_KEY',
  voyage: 'VOYAGE_API_KEY',
  upstage: 'UPSTAGE_API_KEY',
  writer: 'WRITER_API_KEY',
  watsonx: 'WATSONX_API_KEY WATSONX_APIKEY',
  zhipu: 'ZHIPUAI_API_KEY ZHIPU_API_KEY ZAI_API_KEY Z_AI_API_KEY GLM_API_KEY',
};

const anyKeyVariable = /^(\w+)_API_KEY$/;

/** The variables above and `<KIND>_API_KEY` of every kind. Other variables may belong to any program. */
export const providerOfVariable: ReadonlyMap<string, string> = new Map([
  ...Object.entries(namesByProvider).flatMap(([provider, names]) =>
    names.split(' ').map((name) => [name, provider] as const),
  ),
  ...providerKinds.map((kind) => [keyVariableOf(kind), kind] as const),
]);

/** The provider whose key a file has under this name: of a variable above, or of `<PROVIDER>_API_KEY`. */
export function providerNamed(variable: string): string | undefined {
  return providerOfVariable.get(variable) ?? anyKeyVariable.exec(variable)?.[1]?.toLowerCase();
}

/** The variables of the master keys, and of logins that no import takes for a provider's key. */
const otherSecrets = [
  'LLM_SECRET_KEY',
  'LLM_PREVIOUS_KEYS',
  'OPENAI_ADMIN_KEY',
  'AZURE_OPENAI_AD_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
];
/** The variables of Callguard without an editor. */
const headlessPrefix = 'CALLGUARD_KEY_';

/**
 * Every variable that may have a master key or a provider's key: those that an import reads, `<ID>_API_KEY` of these
 * providers, and the ones among `inherited` that only their beginning tells.
 */
export function secretVariables(providers: Iterable<string>, inherited: Iterable<string>): Set<string> {
  const known = new Set([
    ...otherSecrets,
    ...providerOfVariable.keys(),
    ...[...providers].map(keyVariableOf),
  ]);
  for (const name of inherited) {
    // Windows knows a variable by any spelling of its name.
    const folded = name.toUpperCase();
    // A tool that takes turns with several keys has them in `…_API_KEYS` or `…_API_KEY_2`.
    const first = folded.replace(/S?(?:_\d+)?$/, '');
    if (known.has(folded) || known.has(first) || folded.startsWith(headlessPrefix)) known.add(name);
  }
  return known;
}

function keyVariableOf(provider: string): string {
  return `${provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_API_KEY`;
}
