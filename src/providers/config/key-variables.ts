import { keyFacts } from './catalogue-keys.ts';
import { providerKinds, type ProviderKind } from './catalogue.ts';

/** The key variables of providers that have no kind of their own, by provider. */
const namesByProvider: Readonly<Record<string, string>> = {
  foundry: 'ANTHROPIC_FOUNDRY_API_KEY AZURE_AI_API_KEY AZURE_INFERENCE_CREDENTIAL',
  codestral: 'CODESTRAL_API_KEY',
  cohere: 'COHERE_API_KEY CO_API_KEY',
  copilot: 'COPILOT_PROVIDER_API_KEY COPILOT_PROVIDER_BEARER_TOKEN',
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
  llama: 'LLAMA_API_KEY META_LLAMA_API_KEY',
  morph: 'MORPH_API_KEY',
  nebius: 'NEBIUS_API_KEY',
  novita: 'NOVITA_API_KEY',
  opencode: 'OPENCODE_API_KEY',
  poe: 'POE_API_KEY',
  replicate: 'REPLICATE_API_TOKEN REPLICATE_API_KEY',
  requesty: 'REQUESTY_API_KEY',
  siliconflow: 'SILICONFLOW_API_KEY',
  v0: 'V0_API_KEY',
  volcengine: 'ARK_API_KEY VOLCENGINE_API_KEY',
  voyage: 'VOYAGE_API_KEY',
  upstage: 'UPSTAGE_API_KEY',
  writer: 'WRITER_API_KEY',
  watsonx: 'WATSONX_API_KEY WATSONX_APIKEY',
  // The keys of its platform in China, which Z.ai does not take.
  zhipu: 'ZHIPUAI_API_KEY ZHIPU_API_KEY GLM_API_KEY',
};

const anyKeyVariable = /^(\w+)_API_KEY$/;

/** The provider of each key variable that SDKs and well-known tools read. Other variables may belong to any program. */
export const providerOfVariable: ReadonlyMap<string, string> = new Map([
  ...Object.entries(namesByProvider).flatMap(([provider, names]) =>
    names.split(' ').map((name) => [name, provider] as const),
  ),
  ...providerKinds.flatMap((kind) => keyVariablesOf(kind).map((name) => [name, kind] as const)),
]);

/** The environment variables that may hold a key of this kind, its own first. */
export function keyVariablesOf(kind: ProviderKind): string[] {
  return [keyVariableOf(kind), ...(keyFacts(kind).keyVariables ?? [])];
}

/** The provider whose key a file has under this name: of one of these variables, or of `<PROVIDER>_API_KEY`. */
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
