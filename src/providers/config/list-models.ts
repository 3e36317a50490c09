import { describeFailure } from '../../guard/describe-failure.ts';
import { describeRefusal } from '../../guard/refusal.ts';
import type { Credentials } from '../../guard/sender-port.ts';
import { outlineOf } from '../../shared/json-outline.ts';
import { parseJson } from '../../shared/json.ts';
import type { Wording } from '../../shared/l10n.ts';
import { answerLimits, callLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { inSlices } from '../../shared/slices.ts';
import { providerKind } from './catalogue.ts';
import { otherBaseUrl } from './base-url.ts';
import { dialects, type WireDialect } from '../dialects/dialects.ts';
import { listedModelsIn, type ListedModel } from '../dialects/model-ids.ts';
import { ownServerTraits, serverTraits, type AskServer } from './local-traits.ts';
import { isOwnServer } from './own-server.ts';
import { withoutEditor, type ListFailure, type OnOtherAddress } from './editor-models.ts';
import type { KnownFacts } from '../pricing/model-facts.ts';
import { endpointOf } from '../transport/endpoint.ts';
import type { SenderOptions } from '../transport/sender.ts';
import type { ModelTraits } from './model-details.ts';
import type { ProviderConfig } from './provider-config.ts';
import { createWire, type WireOptions } from '../transport/wire.ts';

/** Invisible characters, characters that reverse the text, and VS Code's icons. No model's id contains them. */
const misleading = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\$\(/u;

export interface ListingOptions extends SenderOptions {
  /** Gets to know what the server says about its models. */
  readonly facts: Pick<KnownFacts, 'learn'>;
}

/**
 * The ids of the models that a provider lists, in its order and without duplicates. Uses a wire, which treats proxies,
 * redirects, secrets in messages and an abort as for a prompt. The signal is the only timeout.
 */
export async function listModels(
  config: ProviderConfig,
  credentials: Credentials,
  signal: AbortSignal,
  options: ListingOptions,
  onOtherAddress: OnOtherAddress = () => undefined,
): Promise<Result<readonly string[], ListFailure>> {
  const { dialect } = config;
  const { noModelList, label } = providerKind(config.kind);
  if (dialect === 'editor') return (await options.editorModels?.list(signal)) ?? err(withoutEditor);
  if (noModelList === true) {
    const problem: Wording = (l10n) => l10n.t('{0} does not list its models', label);
    return err({ kind: 'unsendable', problem });
  }
  const listed = await listFrom({ ...config, dialect }, credentials, signal, options, onOtherAddress);
  if (!listed.ok) return listed;
  options.facts.learn(config, traitsById(listed.value));
  return ok(listed.value.map(({ id }) => id));
}

function traitsById(models: readonly ListedModel[]): ReadonlyMap<string, ModelTraits> {
  return new Map(models.map(({ id, traits }) => [id, traits]));
}

async function listFrom(
  config: ProviderConfig & { readonly dialect: WireDialect },
  credentials: Credentials,
  signal: AbortSignal,
  options: ListingOptions,
  onOtherAddress: OnOtherAddress,
): Promise<Result<readonly ListedModel[], ListFailure>> {
  const { dialect } = config;
  const { modelListPath } = providerKind(config.kind);
  const endpoint = await endpointOf(config, credentials, options);
  if (!endpoint.ok) return err(endpoint.error);
  const { baseUrl, access } = endpoint.value;
  const { sanitize, isOnline, clock } = options;
  const progress = () => undefined;
  const from = { dialect, access, signal, progress, sanitize, isOnline, clock };
  const { listPath } = dialects[dialect];
  const ask = (url: string) => askForList(url, { ...from, idempotent: true, wants: 'whole' });
  if (modelListPath !== undefined) return ask(new URL(modelListPath, baseUrl).href);
  const listed = await ask(baseUrl + listPath);
  if (listed.ok) {
    const root = baseUrl.replace(/\/v1$/, '');
    const askServer = async (path: string, body?: object) =>
      askForJson(root + path, { ...from, idempotent: true, wants: 'whole' }, body);
    return ok(await withServerTraits(config, listed.value, askServer));
  }
  if (!isNotFound(listed.error)) return listed;
  // The address may lack the version, or have one too many.
  const other = otherBaseUrl(baseUrl);
  const elsewhere = await ask(other + listPath);
  if (elsewhere.ok) {
    options.facts.learn({ ...config, baseUrl: other }, traitsById(elsewhere.value));
    onOtherAddress(
      other,
      elsewhere.value.map(({ id }) => id),
    );
  }
  return err({ kind: 'notFound', asked: baseUrl + listPath, ...(elsewhere.ok ? { answers: other } : {}) });
}

async function askForList(
  url: string,
  options: WireOptions,
): Promise<Result<readonly ListedModel[], ListFailure>> {
  const answer = await askForJson(url, options);
  if (!answer.ok) return answer;
  const models = listedModelsIn(answer.value)?.filter(({ id }) => !misleading.test(id));
  if (models !== undefined) {
    const first = new Map<string, ListedModel>();
    for (const model of models) if (!first.has(model.id)) first.set(model.id, model);
    return ok([...first.values()]);
  }
  const problem: Wording = (l10n) => l10n.t('it is not a list of models');
  return err({ kind: 'malformed', problem });
}

async function askForJson(
  url: string,
  options: WireOptions,
  body?: object,
): Promise<Result<unknown, ListFailure>> {
  const wire = createWire(options);
  const headers = { accept: 'application/json' };
  const answer = await wire
    .send(url, body === undefined ? { headers } : posted(body, headers))
    .then((received) => received.body.read())
    // The wire's report says why there is none.
    .catch(() => undefined);
  const { outcome } = await wire.ended();
  return outcome.kind === 'complete' ? ok(await jsonOf(answer?.bytes, options.signal)) : err(outcome);
}

function posted(body: object, headers: Record<string, string>): RequestInit {
  return {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** What the server says elsewhere comes first: it is about the model as it is loaded. */
async function withServerTraits(
  config: ProviderConfig,
  models: readonly ListedModel[],
  ask: (path: string, body?: object) => Promise<Result<unknown, ListFailure>>,
): Promise<readonly ListedModel[]> {
  const ids = models.map(({ id }) => id);
  const askServer: AskServer = async (path, body) => {
    const answer = await ask(path, body);
    // An older server does not have it, and the list is good enough.
    return answer.ok ? answer.value : undefined;
  };
  const isKnown = models.some(({ traits }) => traits.contextTokens !== undefined);
  const more =
    config.kind === 'openai-compatible' && !isKnown && isOwnServer(config)
      ? await ownServerTraits(ids, askServer)
      : await serverTraits(config.kind, ids, askServer);
  return models.map(({ id, traits }) => ({ id, traits: { ...traits, ...more.get(id) } }));
}

/** The value of a JSON text; undefined for one whose values would take a parser long. */
async function jsonOf(bytes: Buffer | undefined, signal: AbortSignal): Promise<unknown> {
  if (bytes === undefined) return undefined;
  if (bytes.length > answerLimits.parsedBytes) {
    const outline = await inSlices(outlineOf(bytes), signal);
    if (outline === undefined || outline.values > callLimits.listValues) return undefined;
  }
  return parseJson(bytes.toString());
}

function isNotFound(failure: ListFailure): boolean {
  return failure.kind === 'http' && (failure.status === 404 || failure.status === 405);
}

/** Why the list is missing. */
export function describeListFailure(failure: ListFailure, provider: string): Wording {
  switch (failure.kind) {
    case 'aborted':
      return (l10n) => l10n.t('it did not respond in time');
    case 'notFound': {
      const { asked, answers } = failure;
      return (l10n) =>
        answers === undefined
          ? l10n.t('nothing was found at {0} (HTTP 404). Check the base URL', asked)
          : l10n.t(
              'nothing was found at {0} (HTTP 404), but {1} lists models. Use it as the base URL',
              asked,
              answers,
            );
    }
    case 'origin':
      return (l10n) => describeRefusal({ ...failure, provider }, 0, l10n);
    default:
      return (l10n) => describeFailure(failure, undefined, l10n);
  }
}
