import type { Credentials } from '../../guard/sender-port.ts';
import { parseJson } from '../../shared/json.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { providerKind } from './catalogue.ts';
import { dialects } from '../dialects/dialects.ts';
import { withoutEditor, type ListFailure } from './editor-models.ts';
import { endpointOf } from '../transport/endpoint.ts';
import type { SenderOptions } from '../transport/sender.ts';
import type { ProviderConfig } from './provider-config.ts';
import { createWire } from '../transport/wire.ts';

/** Invisible characters, characters that reverse the text, and VS Code's icons. No model's id contains them. */
const misleading = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\$\(/u;

/**
 * The ids of the models that a provider lists, in its order and without duplicates. Uses a wire, which treats proxies,
 * redirects, secrets in messages and an abort as for a prompt. The signal is the only timeout.
 */
export async function listModels(
  config: ProviderConfig,
  credentials: Credentials,
  signal: AbortSignal,
  options: SenderOptions,
): Promise<Result<readonly string[], ListFailure>> {
  const { dialect } = config;
  const { noModelList, label } = providerKind(config.kind);
  if (dialect === 'editor') return (await options.editorModels?.list(signal)) ?? err(withoutEditor);
  if (noModelList === true) {
    const problem: Wording = (l10n) => l10n.t('{0} does not list its models', label);
    return err({ kind: 'unsendable', problem });
  }
  const endpoint = await endpointOf(config, credentials, options);
  if (!endpoint.ok) return err(endpoint.error);
  const { baseUrl, access } = endpoint.value;
  const { sanitize, isOnline, clock } = options;
  const progress = () => undefined;
  const from = { dialect, access, signal, progress, sanitize, isOnline, clock };
  const wire = createWire({ ...from, idempotent: true, wants: 'whole' });
  const { path, schema } = dialects[dialect].listing;
  const text = await wire
    .fetch(baseUrl + path, { headers: { accept: 'application/json' } })
    .then((response) => response.text())
    // The wire's report says why there is none.
    .catch(() => '');
  const { outcome } = await wire.ended();
  if (outcome.kind !== 'complete') return err(outcome);
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    const problem: Wording = (l10n) => l10n.t('it is not a list of models');
    return err({ kind: 'malformed', problem });
  }
  return ok([...new Set(parsed.data)].filter((id) => !misleading.test(id)));
}
