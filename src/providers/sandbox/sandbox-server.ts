import { createHash, timingSafeEqual } from 'node:crypto';
import type http from 'node:http';
import { answerChat, sandboxModel, sendError, sendJson, type SandboxPace } from './sandbox-answer.ts';
import { sandboxBehaviours, type SandboxBehaviour } from '../config/provider-entry.ts';
import { parseJson } from '../../shared/json.ts';
import { sandboxLimits } from '../../shared/limits.ts';

/** Answers one request if it carries the sandbox's own key. */
export async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  token: string,
  pace: SandboxPace,
): Promise<void> {
  if (!isOurs(request, token)) {
    sendError(response, 403, 'forbidden', 'The sandbox answers only requests from Callguard.');
    return;
  }
  const [, behaviour = '', ...rest] = (request.url ?? '').split('/');
  const path = `/${rest.join('/')}`;
  if (request.method === 'GET' && path === '/v1/models') {
    sendJson(response, 200, { object: 'list', data: [{ id: sandboxModel, object: 'model' }] });
  } else if (request.method === 'POST' && path === '/v1/chat/completions' && isBehaviour(behaviour)) {
    const body = await readBody(request);
    if (body === undefined)
      sendError(response, 413, 'too_large', 'The request is too large for the sandbox.');
    else await answerChat(parseJson(body), behaviour, pace, response);
  } else {
    sendError(response, 404, 'not_found', 'The sandbox has no such endpoint.');
  }
}

function isBehaviour(text: string): text is SandboxBehaviour {
  return sandboxBehaviours.some((behaviour) => behaviour === text);
}

/**
 * A web page can reach a loopback port, by its address or by a domain that resolves to it (DNS rebinding), and so can
 * any local program. None of them knows the key.
 */
function isOurs({ headers, socket }: http.IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return (
    headers.host === `127.0.0.1:${socket.localPort ?? 0}` &&
    headers.origin === undefined &&
    timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))
  );
}

async function readBody(request: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > sandboxLimits.bodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
