import { dialectsOf, providerKind, type ProviderKind } from './catalogue.ts';
import type { Dialect } from './catalogue-row.ts';

/**
 * Whether a provider gets requests in this dialect. Many servers with OpenAI's protocol have no Responses API, so one
 * whose address the user entered has it if its settings choose it.
 */
export function speaks(
  config: { readonly kind: ProviderKind; readonly dialect: Dialect },
  wanted: string,
): boolean {
  const { kind, dialect } = config;
  const isUnsure = providerKind(kind).local === true || providerKind(kind).baseUrl === undefined;
  if (wanted === 'openai-responses' && isUnsure && kind !== 'azure') return dialect === wanted;
  return dialectsOf(kind).some((spoken) => spoken === wanted);
}
