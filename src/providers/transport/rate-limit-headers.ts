import type { IncomingHttpHeaders } from 'node:http';
import type { RateLimits } from '../../guard/sender-port.ts';
import type { Sanitize } from './provider-message.ts';

/**
 * The headers in which providers report their rate limits. All others stay with Callguard: the ID of the request has a
 * header of its own, Callguard decides how long a client waits, and the rest names accounts, regions and machines.
 */
const families: readonly RegExp[] = [
  /^x-ratelimit-/, // OpenAI, Azure, Groq, xAI, OpenRouter, Cerebras, Fireworks, GitHub, SambaNova and most others
  /^(?:x-)?ratelimitbysize-/, // Mistral
  /^ratelimit(?:-|$)/, // the draft of the IETF: Hugging Face, and Kong in front of others
  /^anthropic-ratelimit-/,
  /^anthropic-(?:priority|fast)-/, // the limits of its service tiers
  /^x-tokenlimit-/, // Together
  /^x-(?:trial-)?endpoint-(?:monthly-)?call-/, // Cohere
  /^azure-openai-deployment-utilization$/,
];

/** A limit of an account may name the account. */
const naming =
  /(?:^|-)(?:key|org|organi[sz]ation|account|user|uid|tenant|project|team|customer|owner|id|ip|scope)(?:-|$)/;

/** A number, a duration, a time, a word, or a policy such as `"burst";q=100;w=60`. */
const plain = /^[\w.,:;="+% -]{1,200}$/;

/** The headers about the provider's rate limits; undefined if there are none. */
export function rateLimitsOf(headers: IncomingHttpHeaders, sanitize: Sanitize): RateLimits | undefined {
  const limits = Object.entries(headers).filter(
    (header): header is [string, string] =>
      families.some((family) => family.test(header[0])) &&
      !naming.test(header[0]) &&
      typeof header[1] === 'string' &&
      plain.test(header[1]) &&
      sanitize(header[1]) === header[1],
  );
  return limits.length === 0 ? undefined : Object.fromEntries(limits);
}
