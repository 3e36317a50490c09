import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkHead, tokenOf } from './check-head.ts';
import { errorJson, type GatewayError } from './gateway-error.ts';
import type { GatewayPorts } from '../gateway-ports.ts';
import type { ByteBudget } from './byte-budget.ts';
import { checkBodyHeaders, type BodyLimits, type RequestBody } from './read-body.ts';
import { protocolOf, restOf, routes } from '../http-routes.ts';
import type { GatewayMemory, Route, RouteAnswer } from '../requests/routed-request.ts';
import { nothingLoaded } from '../../redaction/known-secrets.ts';
import { findSecrets } from '../../redaction/prompt-scan.ts';
import { callTokenOf, tokenPrefix, type TokenGrant, type TokenRow } from '../tokens/tokens.ts';

export interface Serving {
  readonly ports: GatewayPorts;
  readonly limits: BodyLimits;
  readonly incoming: RequestBody;
  readonly bodies: ByteBudget;
  readonly memory: GatewayMemory;
  /** Aborts when the client goes away or the gateway stops. */
  readonly signal: AbortSignal;
}

/** Answers one request. Rejects for bugs and for a port that fails. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  serving: Serving,
): Promise<void> {
  const answer = await answerTo(request, response, serving);
  if (!answer.ok) {
    sendError(request, response, answer.error);
  } else if (answer.value !== undefined) {
    const { value } = answer;
    const isText = 'text' in value && 'contentType' in value;
    response.writeHead(200, {
      'content-type': isText ? value.contentType : 'application/json',
      'cache-control': 'no-store',
    });
    response.end(isText ? value.text : JSON.stringify(value));
  }
}

/** Sends an error in the format of the path's protocol. The rest of the request is not read. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: GatewayError): void {
  if (response.headersSent || response.destroyed) return;
  const text = errorJson(error, protocolOf(pathOf(request)));
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(request.complete ? {} : { connection: 'close' }),
    ...error.headers,
  });
  response.end(text);
}

/** Runs the checks in order. The body is read only after every check that does not need it. */
async function answerTo(
  request: IncomingMessage,
  response: ServerResponse,
  { ports, limits, incoming, bodies, memory, signal }: Serving,
): Promise<RouteAnswer> {
  const found = checkHead(request) ?? (await tokenRowOf(request, ports));
  // There are few places for connections. A client without a token cannot keep one.
  if (found === undefined || 'status' in found) response.setHeader('connection', 'close');
  if (found !== undefined && 'status' in found) return { ok: false, error: found };
  const grant = found?.grant;
  const route = routeOf(request, grant);
  if ('status' in route) return { ok: false, error: route };
  let body: Buffer = Buffer.alloc(0);
  if (route.method === 'POST') {
    const { maxBodyBytes: most = limits.maxBodyBytes } = ports.settings();
    const { maxBodyBytes = most } = route;
    const bodyLimits = { ...limits, maxBodyBytes: Math.min(maxBodyBytes, most) };
    const unreadable = checkBodyHeaders(request, bodyLimits);
    if (unreadable !== undefined) return { ok: false, error: unreadable };
    if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue();
    const read = await incoming.read(bodyLimits, bodies, ports.clock, signal);
    if (!read.ok) return read;
    body = read.value;
  }
  const tenant = grant?.kind === 'calls' ? grant.tenant : '';
  const token = found && callTokenOf(found);
  try {
    const rest = restOf(route, pathOf(request)) ?? '';
    return await route.run({ request, response, rest, body, tenant, token, memory, signal }, ports);
  } finally {
    bodies.give(body.length);
  }
}

/** Undefined if there is no token, an error if the token is unknown. */
async function tokenRowOf(
  request: IncomingMessage,
  { tokens }: GatewayPorts,
): Promise<TokenRow | GatewayError | undefined> {
  const token = tokenOf(request);
  if (token === undefined || typeof token === 'object') return token;
  const row = await tokens.rowOf(token);
  return row ?? { ...unauthorized, message: messageAbout(token) };
}

function messageAbout(token: string): string {
  if (token.startsWith(tokenPrefix) || !looksLikeKey(token))
    return 'The token is not valid. It may have been revoked, or it has expired.';
  return "This looks like a provider's key. Send a gateway token instead. In a guarded terminal, a start-up file of the shell may have set the key.";
}

const unauthorized = {
  status: 401,
  code: 'wrong_token',
  message: 'Send a gateway token as `authorization: Bearer …` or `x-api-key`.',
  headers: { 'www-authenticate': 'Bearer' },
};

/** As the picker of a new token names them. */
const grantWords: Readonly<Record<TokenGrant['kind'], string>> = {
  calls: 'a token of a tenant',
  readOnly: 'a read-only token',
  management: 'a management token',
};

function routeOf(request: IncomingMessage, grant: TokenGrant | undefined): Route | GatewayError {
  const path = pathOf(request);
  const here = routes.filter((route) => restOf(route, path) !== undefined);
  const route = here.find(({ method }) => method === request.method);
  // Without a token, a client cannot find out which paths exist.
  if (grant === undefined && here.every(({ grants }) => grants !== undefined)) return unauthorized;
  if (here.length === 0) return notFound(grant);
  if (route === undefined) {
    const allow = here.map(({ method }) => method).join(', ');
    return { status: 405, code: 'wrong_method', message: `Use ${allow}.`, headers: { allow } };
  }
  if (route.grants === undefined || (grant !== undefined && route.grants.includes(grant.kind))) return route;
  return {
    status: 403,
    code: 'other_token',
    message: `This path requires ${route.grants.map((kind) => grantWords[kind]).join(' or ')}.`,
  };
}

/** Names what the token can use. */
function notFound(grant: TokenGrant | undefined): GatewayError {
  const usable = routes.filter(
    ({ grants }) => grants === undefined || (grant && grants.includes(grant.kind)),
  );
  const list = usable.map(({ method, path }) => `${method} ${path.replace('*', '{id}')}`).join(', ');
  return {
    status: 404,
    code: 'not_found',
    message: `Callguard does not have this path. This token can use ${list}.`,
  };
}

function pathOf({ url }: IncomingMessage): string {
  return url?.split('?', 1)[0] ?? '';
}

/** Whether a text has the shape of a key of some provider or service from its first character on. */
function looksLikeKey(text: string): boolean {
  return findSecrets(text, nothingLoaded)[0]?.index === 0;
}
