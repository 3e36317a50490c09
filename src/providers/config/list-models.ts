import * as z from 'zod';
import { parseJson } from '../../shared/json.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Secret } from '../../shared/secret.ts';
import { providerKind } from './catalogue.ts';
import type { ListFailure } from './editor-models.ts';
import { endpointOf } from '../transport/endpoint.ts';
import type { SenderOptions } from '../transport/sender.ts';
import type { ProviderConfig } from './provider-config.ts';
import { createWire } from '../transport/wire.ts';

const ids = z.array(z.object({ id: z.string().min(1) })).transform((models) => models.map(({ id }) => id));

/** Most wrap the list as OpenAI does, and Anthropic too; some send it bare. */
const openaiList = z.union([z.object({ data: ids }).transform(({ data }) => data), ids]);

/** Google's names begin with `models/`, and not every model answers a prompt. */
const googleList = z
  .object({
    models: z.array(
      z.object({ name: z.string().min(1), supportedGenerationMethods: z.array(z.string()).default([]) }),
    ),
  })
  .transform(({ models }) =>
    models
      .filter(({ supportedGenerationMethods: methods }) => methods.includes('generateContent'))
      .map(({ name }) => name.replace(/^models\//, '')),
  );

interface HttpListing {
  readonly path: string;
  readonly schema: z.ZodType<string[]>;
}

/** What shows as nothing, turns the order round, or is an icon of VS Code's: no model's id has it. */
const misleading = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\$\(/u;

/** One page has them all: both allow 1,000 (their API references, 'List Models' and 'models.list'). */
const listings: Readonly<Record<'openai' | 'anthropic' | 'google', HttpListing>> = {
  openai: { path: '/models', schema: openaiList },
  anthropic: { path: '/models?limit=1000', schema: openaiList },
  google: { path: '/models?pageSize=1000', schema: googleList },
};

/**
 * The ids of the models that a provider lists, in its order, each once. One exchange on a wire of its own, so
 * proxies, redirects, secrets in messages and an abort are treated as for a prompt; timeouts are the signal's.
 */
export async function listModels(
  config: ProviderConfig,
  key: Secret | undefined,
  signal: AbortSignal,
  options: Omit<SenderOptions, 'configOf'>,
): Promise<Result<readonly string[], ListFailure>> {
  const { dialect } = config;
  const { listing, label } = providerKind(config.kind);
  if (dialect === 'editor' || listing === 'editor') return await options.editorModels.list(signal);
  if (listing === 'none') {
    const problem: Wording = (l10n) => l10n.t('{0} does not list its models', label);
    return err({ kind: 'unsendable', problem });
  }
  const endpoint = await endpointOf(config, key, options);
  if (!endpoint.ok) return err(endpoint.error);
  const { baseUrl, access } = endpoint.value;
  const { sanitize, isOnline, clock } = options;
  const progress = () => undefined;
  const wire = createWire({ dialect, access, idempotent: true, signal, progress, sanitize, isOnline, clock });
  const { path, schema } = listings[listing];
  const text = await wire
    .fetch(baseUrl + path, { headers: { accept: 'application/json' } })
    .then((response) => response.text())
    // Why there is none is the verdict's to say.
    .catch(() => '');
  const { outcome, format } = await wire.verdict();
  // A server that does not say that it sends JSON is watched for an end marker, which no list has.
  const isWhole = outcome.kind === 'complete' || (outcome.kind === 'cut' && format === 'eventStream');
  if (!isWhole) return err(outcome);
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    const problem: Wording = (l10n) => l10n.t('it is not a list of models');
    return err({ kind: 'malformed', problem });
  }
  return ok([...new Set(parsed.data)].filter((id) => !misleading.test(id)));
}
