import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isCount, type PassThroughPrompt } from '../guard/call.ts';
import { maskStrings } from '../redaction/mask-strings.ts';
import { gatewayLimits } from '../shared/limits.ts';
import { ok, type Result } from '../shared/result.ts';
import { answerCall } from './requests/answer-call.ts';
import type { GatewayError, Protocol } from './http/gateway-error.ts';
import { modelList, oneModel } from './requests/model-list.ts';
import { configureProvider, testProvider } from './management/management-api.ts';
import type { RateLimitWaits } from './refusals/rate-limit-waits.ts';
import type { StatusRules } from './refusals/refusal-answer.ts';
import { callerOf, statusesOf } from './client-tool.ts';
import { findModel, modelFor } from './requests/model-names.ts';
import {
  countInstead,
  parseCompletions,
  parseCount,
  parseEmbeddings,
  type ParseRequest,
} from './requests/other-requests.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import { parseGenerate, parseResponses } from './protocols/responses-request.ts';
import { translateRequest, type Translation } from './protocols/translate-request.ts';
import { providerConfigs } from './management/provider-configs.ts';
import { dialectOf, parseRequest, type PassedProtocol } from './requests/passthrough-request.ts';
import { foreignResponse, previousResponseOf, toolError } from './requests/provider-state.ts';
import { sessionOf, type Sessions } from './sessions.ts';
import type { ResponseOwners } from './requests/response-owners.ts';
import type { GatewayToken, TokenGrant } from './tokens/tokens.ts';

export interface RoutedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The decoded text in the place of the path's `*`. Empty for a path without one. */
  readonly rest: string;
  /** Empty for a route without a body. */
  readonly body: Buffer;
  /** The tenant that the calls count for. */
  readonly tenant: string;
  /** Undefined for a route that needs no token. */
  readonly token: GatewayToken | undefined;
  readonly memory: GatewayMemory;
  /** Aborts when the client goes away or the gateway stops. */
  readonly signal: AbortSignal;
}

/** What a gateway knows of earlier calls, until it stops. */
export interface GatewayMemory {
  readonly responses: ResponseOwners;
  readonly sessions: Sessions;
  readonly waits: RateLimitWaits;
}

/** A text, an object to send as JSON, or undefined if the response is already written. */
export type RouteAnswer = Result<
  object | { readonly contentType: string; readonly text: string } | undefined,
  GatewayError
>;

export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Ends with `/*` if any text may stand there. */
  readonly path: string;
  readonly protocol: Protocol;
  /** If less than any body may have. */
  readonly maxBodyBytes?: number;
  /** The grants that may use the route; undefined if it needs no token. */
  readonly grants: readonly TokenGrant['kind'][] | undefined;
  readonly run: (routed: RoutedRequest, ports: GatewayPorts) => RouteAnswer | Promise<RouteAnswer>;
}

const calls = ['calls'] as const;
const reading = ['readOnly', 'management'] as const;
const openai = { method: 'POST', protocol: 'openai', grants: calls } as const;
const anthropic = { method: 'POST', protocol: 'anthropic', grants: calls } as const;
const management = { method: 'GET', protocol: 'management', grants: reading } as const;
const managing = {
  method: 'POST',
  protocol: 'management',
  grants: ['management'],
  maxBodyBytes: gatewayLimits.managementBodyBytes,
} as const;

export const routes: readonly Route[] = [
  { ...openai, path: '/v1/chat/completions', run: passOn('openai') },
  { ...openai, path: '/v1/completions', run: passOn('openai', parseCompletions) },
  { ...openai, path: '/v1/embeddings', run: passOn('openai', parseEmbeddings) },
  { ...openai, protocol: 'responses', path: '/v1/responses', run: passOn('responses', parseResponses) },
  {
    ...openai,
    protocol: 'google',
    path: '/v1beta/models/*',
    run: (routed, ports) => generate(routed, ports),
  },
  { ...anthropic, path: '/v1/messages', run: passOn('anthropic') },
  { ...anthropic, path: '/v1/messages/count_tokens', run: passOn('anthropic', parseCount) },
  {
    ...openai,
    method: 'GET',
    path: '/v1/models',
    run: ({ request, token }, { settings }) => ok(modelList(modelsProtocol(request), settings(), token)),
  },
  {
    ...openai,
    method: 'GET',
    path: '/v1/models/*',
    run: ({ request, rest, token }, { settings }) =>
      oneModel(rest, modelsProtocol(request), settings(), token),
  },
  // Claude Code asks it before its first request.
  { ...management, method: 'HEAD', path: '/', grants: undefined, run: () => ok({}) },
  { ...management, path: '/health', grants: undefined, run: () => ok({ status: 'ok' }) },
  { ...management, path: '/api/llm/status', run: async (_, ports) => ok(await ports.management.status()) },
  { ...management, path: '/api/llm/metrics', run: async (_, ports) => ok(await ports.management.metrics()) },
  {
    ...management,
    path: '/api/llm/usage/stats',
    run: async ({ request }, ports) => {
      const query = new URLSearchParams(request.url?.split('?')[1] ?? '');
      const stats = await ports.management.usageStats(query);
      if (stats.ok) return stats;
      return { ok: false, error: { status: 400, code: 'invalid_request', message: stats.error } };
    },
  },
  {
    ...management,
    path: '/api/llm/provider/status',
    run: async (_, ports) => ok(await ports.management.providerStatus()),
  },
  {
    ...management,
    path: '/api/llm/provider/configs',
    run: (_, { settings }) => ok(maskStrings(providerConfigs(settings().providers))),
  },
  {
    ...managing,
    path: '/api/llm/test',
    run: ({ body, signal }, ports) => testProvider(body, ports, signal),
  },
  {
    ...managing,
    path: '/api/llm/provider/configure',
    run: ({ body, signal }, ports) => configureProvider(body, ports, signal),
  },
];

/** What stands in the place of the route's `*`. Undefined if the path is another one. */
export function restOf({ path: pattern }: Route, path: string): string | undefined {
  if (!pattern.endsWith('/*')) return path === pattern ? '' : undefined;
  const start = pattern.slice(0, -1);
  return path.startsWith(start) && path.length > start.length ? decoded(path.slice(start.length)) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself. No model has such a name.
    return text;
  }
}

/** Every path has a protocol, even if it has no route. */
export function protocolOf(path: string): Protocol {
  if (path.startsWith('/v1/messages')) return 'anthropic';
  if (path === '/v1/responses') return 'responses';
  if (path.startsWith('/v1beta/')) return 'google';
  return path.startsWith('/v1/') ? 'openai' : 'management';
}

/** The protocol of the client that asks for models. Both protocols have the path. */
function modelsProtocol({ headers }: IncomingMessage): PassedProtocol {
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}

function passOn(
  protocol: PassedProtocol,
  parse: ParseRequest = (...request) => parseRequest(protocol, ...request),
): Route['run'] {
  return async (
    { request, response, body, tenant, token, memory, signal },
    { guard: own, settings, clock, onLosses },
  ) => {
    const parsed = await parse(body, request.headers, signal);
    if (!parsed.ok) return parsed;
    const { model, builtInTools, values = 0 } = parsed.value;
    const prompt = continued(parsed.value.prompt, tenant, memory.responses);
    if (prompt === undefined) return { ok: false, error: foreignResponse };
    // A provider of another dialect gets a request for an answer translated, and can have one counted by the guard.
    const { operation = 'answer' } = prompt;
    const isForAll = (operation === 'answer' && !continues(prompt)) || operation === 'count';
    const resolved = isForAll
      ? findModel(model, dialectOf[protocol], settings())
      : modelFor(model, protocol, settings());
    if (!resolved.ok) return resolved;
    const { providers } = settings();
    const { usable } = providers;
    const configs = resolved.value.targets.map(({ provider }) => usable.get(provider));
    const tool = toolError(builtInTools, configs);
    if (tool !== undefined) return { ok: false, error: tool };
    const caller = callerOf(token?.tool, request.headers);
    const rules = { tool: statusesOf(caller), capStatus: settings().capStatus ?? 'auto' };
    const session = token && sessionOf(token.id, caller, request.headers, prompt.body);
    const answered = session === undefined ? () => undefined : memory.sessions.begin(session, body);
    if (answered === undefined) return { ok: false, error: pausedSession(rules) };
    const id = randomUUID();
    response.setHeader('x-request-id', id);
    const { targets } = resolved.value;
    const name = dialectOf[protocol];
    const nowMs = clock.nowMs();
    const onLoss = onLosses ?? (() => undefined);
    const options = { protocol: name, id, model, targets, providers, values, nowMs, onLosses: onLoss };
    const translation = operation === 'answer' ? await translateRequest(prompt, options) : ok({ prompt });
    if (!translation.ok) return translation;
    const { prompt: sent, reply }: Translation = translation.value;
    const call = {
      id,
      frontDoor: 'gateway',
      source: 'gateway',
      caller,
      tenant,
      asked: model,
      ...(token === undefined ? {} : { token }),
      ...(session === undefined ? {} : { session: session.id }),
      ...resolved.value,
      prompt: sent,
      signal,
      idempotent: true,
      ...(reply === undefined ? {} : { onServed: reply.serve }),
    } as const;
    const { streams } = prompt;
    const fallback = isCount(prompt) ? { instead: countInstead(prompt) } : {};
    const translated = reply === undefined ? {} : { reply };
    const guard = prompt.dialect === 'openai-responses' ? memory.responses.watching(own) : own;
    const error = await answerCall(
      { call, protocol, streams, response, rules, waits: memory.waits, ...fallback, ...translated },
      { guard, clock },
    );
    if (error === undefined) answered();
    return error === undefined ? ok(undefined) : { ok: false, error };
  };
}

const generatePath = /^(.{1,300}):(generateContent|streamGenerateContent)$/;

/** Google's paths name model and method in one. A stream comes as server-sent events only. */
const generate: Route['run'] = (routed, ports) => {
  const [, model = '', method] = generatePath.exec(routed.rest) ?? [];
  const streams = method === 'streamGenerateContent';
  const query = new URLSearchParams(routed.request.url?.split('?')[1] ?? '');
  if (method === undefined || (streams && query.get('alt') !== 'sse')) {
    const message = 'Use POST /v1beta/models/{model}:generateContent or :streamGenerateContent?alt=sse.';
    return { ok: false, error: { status: 404, code: 'not_found', message } };
  }
  return passOn('google', parseGenerate(model, streams))(routed, ports);
};

/** Whether the request needs a conversation that only one provider has. */
function continues({ body }: PassThroughPrompt): boolean {
  return previousResponseOf(body) !== undefined;
}

/**
 * The prompt, held with the tokens of the response that it continues: the provider reads them again. Undefined if that
 * response is not one of the tenant's.
 */
function continued(
  prompt: PassThroughPrompt,
  tenant: string,
  responses: ResponseOwners,
): PassThroughPrompt | undefined {
  const previous = previousResponseOf(prompt.body);
  if (previous === undefined) return prompt;
  const tokens = previous === null ? undefined : responses.tokensOf(tenant, previous);
  if (tokens === undefined) return undefined;
  // Only the provider has the conversation, so no other dialect can get it.
  const { translated: _translated, ...passed } = prompt;
  return { ...passed, inputTokens: prompt.inputTokens + tokens };
}

function pausedSession({ tool }: StatusRules): GatewayError {
  const message = 'You paused this session in VS Code, because it may run in a loop. Start a new one.';
  return { status: tool?.final ?? 400, code: 'paused', message, headers: { 'x-should-retry': 'false' } };
}
