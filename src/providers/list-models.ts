import * as z from 'zod';
import type { Outcome } from '../guard/outcome.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Secret } from '../shared/secret.ts';
import { endpointOf } from './endpoint.ts';
import { parseJson } from './provider-message.ts';
import type { SenderOptions } from './sender.ts';
import type { ProviderConfig } from './settings.ts';
import { createWire } from './wire.ts';

export type ListFailure = Exclude<Outcome, { kind: 'complete' }>;

const listed = z.array(z.object({ id: z.string().min(1) }));
/** Most wrap the list as OpenAI does; some send it bare. */
const listing = z.union([z.object({ data: listed }).transform(({ data }) => data), listed]);

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
  const { sandbox, sanitize, isOnline, clock } = options;
  const endpoint = await endpointOf(config, key, sandbox, sanitize);
  if (!endpoint.ok) return err(endpoint.error);
  const wire = createWire({
    dialect: config.dialect,
    key: endpoint.value.key,
    signal,
    progress: () => undefined,
    sanitize,
    isOnline,
    clock,
  });
  const text = await wire
    .fetch(`${endpoint.value.baseUrl}/models`, { headers: { accept: 'application/json' } })
    .then((response) => response.text())
    // Why there is none is the verdict's to say.
    .catch(() => '');
  const { outcome, format } = await wire.verdict();
  // A server that does not say that it sends JSON is watched for an end marker, which no list has.
  const isWhole = outcome.kind === 'complete' || (outcome.kind === 'cut' && format === 'eventStream');
  if (!isWhole) return err(outcome);
  const parsed = listing.safeParse(parseJson(text));
  if (!parsed.success) return err({ kind: 'malformed', message: 'the answer is no list of models' });
  return ok([...new Set(parsed.data.map(({ id }) => id))]);
}
