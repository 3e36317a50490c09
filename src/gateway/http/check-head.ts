import type { IncomingMessage } from 'node:http';
import type { GatewayError } from './gateway-error.ts';
import { gatewayLimits } from '../../shared/limits.ts';
import { tokenPrefix } from '../tokens/tokens.ts';

/**
 * Checks a request before its token. A web page can reach a loopback port by the address, or by a name of its own that
 * resolves to it (DNS rebinding). The Host or Origin header shows this.
 */
export function checkHead(request: IncomingMessage): GatewayError | undefined {
  const { headers, rawHeaders, url = '', socket } = request;
  // Node.js drops the headers behind the first thousand or two, and one of them may be Origin.
  if (rawHeaders.length > 2 * gatewayLimits.headers) {
    return refused(431, 'too_many_headers', `Send at most ${gatewayLimits.headers} headers.`);
  }
  const port = socket.localPort ?? 0;
  const [host, ...otherHosts] = valuesOf(request, 'host');
  if (
    host === undefined ||
    otherHosts.length > 0 ||
    ![`127.0.0.1:${port}`, `localhost:${port}`].includes(host)
  ) {
    return refused(
      403,
      'wrong_host',
      `Send exactly one Host header: 127.0.0.1:${port} or localhost:${port}.`,
    );
  }
  if (headers.origin !== undefined) {
    return refused(403, 'browser', 'The gateway does not answer requests from web pages.');
  }
  if ((headers['sec-fetch-site'] ?? 'none') !== 'none') {
    return refused(403, 'browser', 'The gateway does not answer requests from browsers.');
  }
  if (headers.upgrade !== undefined) {
    return refused(
      400,
      'upgrade',
      'The gateway supports HTTP/1.1 only. Send the request without an Upgrade header.',
    );
  }
  // Without a version, a request is one of HTTP/0.9, which has no headers.
  if (request.httpVersionMajor !== 1) {
    return refused(505, 'http_version', 'The gateway supports HTTP/1.1 only.');
  }
  // A body in a coding that is not decoded here could be read in two ways.
  if ((headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked') {
    return refused(501, 'transfer_coding', 'The gateway supports no other transfer coding than chunked.');
  }
  if (!/^(?:100-continue)?$/i.test(headers.expect ?? '')) {
    return refused(417, 'expectation', 'The gateway supports no other Expect header than 100-continue.');
  }
  if (!url.startsWith('/')) {
    return refused(400, 'wrong_target', 'The request line must contain a path, not a full URL.');
  }
  if (holdsToken(url)) {
    return refused(
      400,
      'token_in_url',
      'Do not put a token in the URL, because URLs are logged. Send it in a header.',
    );
  }
  return undefined;
}

/** The token of a request, undefined if it has none. Several different tokens are refused as ambiguous. */
export function tokenOf(request: IncomingMessage): string | undefined | GatewayError {
  const authorization = valuesOf(request, 'authorization');
  const keys = [...valuesOf(request, 'x-api-key'), ...valuesOf(request, 'x-goog-api-key')];
  if (authorization.length > 1 || keys.length > 1) {
    return refused(400, 'two_tokens', 'The request contains the token header twice. Send it once.');
  }
  const bearer = /^bearer +(\S+)$/i.exec(authorization[0] ?? '')?.[1];
  if (bearer !== undefined && keys[0] !== undefined && bearer !== keys[0]) {
    return refused(
      400,
      'two_tokens',
      'The headers authorization and x-api-key contain different tokens. Send only one of them.',
    );
  }
  return bearer ?? keys[0];
}

/** Without '-' and '_'. */
const keyParameters = new Set([
  'key',
  'apikey',
  'xapikey',
  'xgoogapikey',
  'token',
  'accesstoken',
  'authtoken',
  'authorization',
  'bearer',
]);

/** How often a URL is decoded, because a token may be encoded more than once by accident. */
const decodings = 2;

function holdsToken(url: string): boolean {
  let text = url;
  for (let round = 0; round < decodings; round++)
    text = text.replaceAll(/%[2-7][\da-f]/gi, (code) => decodeURIComponent(code));
  const query = new URLSearchParams(text.split('?').slice(1).join('?'));
  return (
    text.includes(tokenPrefix) ||
    [...query.keys()].some((name) => keyParameters.has(name.toLowerCase().replaceAll(/[-_]/g, '')))
  );
}

/** All values of a header. Node.js joins the values of some headers and drops all but one of others. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

function refused(status: number, code: string, message: string): GatewayError {
  return { status, code, message };
}
