import type { IncomingHttpHeaders } from 'node:http';
import type { Sanitize } from './provider-message.ts';

/**
 * The headers in which servers send the ID of a request, the most useful one first. A gateway's own comes first, because
 * it may pass on that of the server behind it, of which its support knows nothing. The last ones are those of the network.
 */
const headerNames = [
  'x-oneapi-request-id', // one-api, new-api
  'x-litellm-call-id',
  'x-request-id', // OpenAI, Azure, xAI, Groq, Together, Bedrock, vLLM and most others
  'request-id', // Anthropic
  'x-goog-request-id',
  'mistral-correlation-id',
  'x-ds-trace-id', // DeepSeek
  'msh-request-id', // Moonshot
  'minimax-request-id',
  'nvcf-reqid', // NVIDIA
  'x-siliconcloud-trace-id',
  'x-debug-trace-id', // Cohere
  'x-tt-logid', // Volcengine
  'x-log-id', // Zhipu
  'x-generation-id', // OpenRouter
  'x-github-request-id',
  'apim-request-id', // Azure
  'x-ms-request-id',
  'x-amzn-requestid',
  'x-amzn-request-id',
  'x-kong-request-id',
  'x-correlation-id',
  'x-trace-id',
  'trace-id',
  'cf-aig-log-id',
  'x-vercel-id',
  'cf-ray',
] as const;

/** No ID of a known provider has other characters, or more of them. */
const pattern = /^[\w.:/+=@|-]{4,128}$/;

/** By what the provider's support finds this request; undefined if the answer has nothing of the kind. */
export function requestIdOf(headers: IncomingHttpHeaders, sanitize: Sanitize): string | undefined {
  for (const name of headerNames) {
    const id = asRequestId(headers[name], sanitize);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The text, if it has the form of an ID and nothing secret in it. */
export function asRequestId(text: unknown, sanitize: Sanitize): string | undefined {
  const id = typeof text === 'string' ? text.trim() : '';
  return pattern.test(id) && sanitize(id) === id ? id : undefined;
}
