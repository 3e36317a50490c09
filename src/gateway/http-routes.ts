import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { maskStrings } from '../redaction/mask-strings.ts';
import { gatewayLimits } from '../shared/limits.ts';
import { ok, type Result } from '../shared/result.ts';
import { answerCall } from './answer-call.ts';
import type { GatewayError, Protocol } from './http/gateway-error.ts';
import { modelList } from './model-list.ts';
import { configureProvider, testProvider } from './management/management-api.ts';
import { modelFor } from './model-names.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import { providerConfigs } from './management/provider-configs.ts';
import { parseRequest, type PassedProtocol } from './passthrough-request.ts';
import type { TokenGrant } from './tokens.ts';

export interface RoutedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Empty for a route without a body. */
  readonly body: Buffer;
  /** The tenant that the calls count for. */
  readonly tenant: string;
  /** Aborts when the client goes away or the gateway stops. */
  readonly signal: AbortSignal;
}

/** A text, an object to send as JSON, or undefined if the response is already written. */
export type RouteAnswer = Result<
  object | { readonly contentType: string; readonly text: string } | undefined,
  GatewayError
>;

export interface Route {
  readonly method: 'GET' | 'POST';
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
const chat = '/v1/chat/completions';
const management = { method: 'GET', protocol: 'management', grants: reading } as const;
const managing = {
  method: 'POST',
  protocol: 'management',
  grants: ['management'],
  maxBodyBytes: gatewayLimits.managementBodyBytes,
} as const;

export const routes: readonly Route[] = [
  { method: 'POST', path: chat, protocol: 'openai', grants: calls, run: passOn('openai') },
  { method: 'POST', path: '/v1/messages', protocol: 'anthropic', grants: calls, run: passOn('anthropic') },
  {
    method: 'GET',
    path: '/v1/models',
    protocol: 'openai',
    grants: calls,
    run: ({ request }, { settings }) =>
      ok(modelList(request.headers['anthropic-version'] === undefined ? 'openai' : 'anthropic', settings())),
  },
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

/** Every path has a protocol, even if it has no route. */
export function protocolOf(path: string): Protocol {
  if (path.startsWith('/v1/messages')) return 'anthropic';
  return path.startsWith('/v1/') ? 'openai' : 'management';
}

function passOn(protocol: PassedProtocol): Route['run'] {
  return async ({ request, response, body, tenant, signal }, { guard, settings, clock }) => {
    const parsed = await parseRequest(protocol, body, request.headers, signal);
    if (!parsed.ok) return parsed;
    const { model, prompt } = parsed.value;
    const resolved = modelFor(model, protocol, settings());
    if (!resolved.ok) return resolved;
    const id = randomUUID();
    response.setHeader('x-request-id', id);
    const caller = callerOf(request);
    const call = {
      id,
      frontDoor: 'gateway',
      source: 'gateway',
      ...(caller === undefined ? {} : { caller }),
      tenant,
      ...resolved.value,
      prompt,
      signal,
      idempotent: true,
    } as const;
    const error = await answerCall({ call, protocol, streams: prompt.streams, response }, { guard, clock });
    return error === undefined ? ok(undefined) : { ok: false, error };
  };
}

/** The product in the client's user agent: `OpenAI/Python 1.2` is `OpenAI`. */
function callerOf({ headers }: IncomingMessage): string | undefined {
  return /^[\w.-]{1,64}/.exec(headers['user-agent'] ?? '')?.[0];
}
