import type { IncomingMessage } from 'node:http';
import { maskStrings } from '../redaction/mask-strings.ts';
import { gatewayLimits } from '../shared/limits.ts';
import { ok } from '../shared/result.ts';
import type { Protocol } from './http/gateway-error.ts';
import { configureProvider, testProvider } from './management/management-api.ts';
import { providerConfigs } from './management/provider-configs.ts';
import { parseResponses } from './protocols/responses-request.ts';
import { parseGenerate, parseGenerateCount } from './requests/generate-request.ts';
import { modelList, oneModel } from './requests/model-list.ts';
import { parseCompletions, parseCount, parseEmbeddings } from './requests/other-requests.ts';
import { passOn } from './requests/pass-on.ts';
import type { PassedProtocol } from './requests/passthrough-request.ts';
import type { Route } from './requests/routed-request.ts';

const calls = ['calls'] as const;
const reading = ['readOnly', 'management'] as const;
const openai = { method: 'POST', protocol: 'openai', grants: calls } as const;
const google = { method: 'POST', protocol: 'google', grants: calls } as const;
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
    ...google,
    path: '/v1beta/models/*:generateContent',
    run: (routed, ports) => passOn('google', parseGenerate(routed.rest, false))(routed, ports),
  },
  {
    ...google,
    path: '/v1beta/models/*:streamGenerateContent',
    run: (routed, ports) =>
      isEventStream(routed.request)
        ? passOn('google', parseGenerate(routed.rest, true))(routed, ports)
        : { ok: false, error: onlyEvents },
  },
  {
    ...google,
    path: '/v1beta/models/*:countTokens',
    run: (routed, ports) => passOn('google', parseGenerateCount(routed.rest))(routed, ports),
  },
  {
    ...google,
    method: 'GET',
    path: '/v1beta/models',
    run: ({ token }, { settings }) => ok(modelList('google', settings(), token)),
  },
  {
    ...google,
    method: 'GET',
    path: '/v1beta/models/*',
    run: ({ rest, token }, { settings }) => oneModel(rest, 'google', settings(), token),
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
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return path === pattern ? '' : undefined;
  if (!path.startsWith(start)) return undefined;
  const rest = decoded(path.slice(start.length));
  return rest.length > end.length && rest.endsWith(end) ? rest.slice(0, rest.length - end.length) : undefined;
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

/** Google's API streams a list of events, or server-sent events where the query asks for them. */
function isEventStream({ url = '' }: IncomingMessage): boolean {
  return new URLSearchParams(url.split('?')[1] ?? '').get('alt') === 'sse';
}

const onlyEvents = {
  status: 400,
  code: 'only_sse',
  message: 'Add ?alt=sse to the path. The gateway streams server-sent events only.',
};
