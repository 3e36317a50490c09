import { createHmac, randomBytes } from 'node:crypto';
import type { Call, Part } from '../../guard/call.ts';
import type { CallResult } from '../../guard/call-state.ts';
import type { Guard } from '../../guard/guard.ts';
import type { Clock } from '../../shared/clock.ts';
import { gatewayLimits } from '../../shared/limits.ts';

interface KnownResponse {
  readonly untilMs: number;
  /** All tokens that the provider has read or written for it: what a call that continues it reads again. */
  readonly tokens: number;
}

/**
 * Which tenant made which response, as keyed hashes in memory. A provider lets every holder of its key continue a
 * response, so the gateway lets its own tenant continue it only.
 */
export class ResponseOwners {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);
  readonly #known = new Map<string, KnownResponse>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined if the tenant made no such response within the last hour. */
  tokensOf(tenant: string, id: string): number | undefined {
    const known = this.#known.get(this.#hash(tenant, id));
    return known !== undefined && this.#clock.monotonicMs() < known.untilMs ? known.tokens : undefined;
  }

  remember(tenant: string, id: string, tokens: number): void {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= gatewayLimits.knownResponses) this.#known.delete(oldest);
    const untilMs = this.#clock.monotonicMs() + gatewayLimits.responseMs;
    this.#known.set(this.#hash(tenant, id), { untilMs, tokens });
  }

  /** A guard that remembers the response of each call that goes through it in OpenAI's Responses API. */
  watching(guard: Pick<Guard, 'run'>): Pick<Guard, 'run'> {
    return { run: (call) => this.#watch(call, guard) };
  }

  async *#watch(call: Call, guard: Pick<Guard, 'run'>): AsyncGenerator<Part, CallResult, void> {
    const parts = guard.run(call);
    let id: string | undefined;
    const next = async () => {
      const each = await parts.next();
      if (each.done !== true && each.value.type === 'bytes') id ??= responseIdIn(each.value.bytes);
      return each;
    };
    const leave = (value: CallResult) => parts.return(value);
    const result = yield* { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
    if (id !== undefined && result.kind === 'done')
      this.remember(call.tenant, id, result.usage.inputTokens + result.usage.outputTokens);
    return result;
  }

  #hash(tenant: string, id: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([tenant, id]))
      .digest('base64url');
  }
}

/** The id stands at the beginning of an answer in one piece, and in the first event of a stream. */
function responseIdIn(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4_096)).toString();
  return /"id"\s*:\s*"([^"\\]{1,256})"/.exec(text)?.[1];
}
