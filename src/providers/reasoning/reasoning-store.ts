import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import { reasoningLimits } from '../../shared/limits.ts';
import { isObject } from '../../shared/json.ts';
import type { KeptReasoning } from './kept-reasoning.ts';

/** Whose reasoning it is. Nobody else finds it. */
export interface ReasoningOwner {
  readonly tenant: string;
  /** Every name that tells callers apart: the front door, an extension, a token of the gateway. */
  readonly caller: readonly string[];
}

/** A tool call of an answer. Ids such as `call_0` repeat, so name and arguments count, too. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  /** JSON text, or the value that it stands for. */
  readonly input: unknown;
}

interface Entry {
  readonly reasoning: KeptReasoning;
  readonly keys: readonly string[];
  readonly bytes: number;
  readonly keptAt: Times;
}

/** The entries of one key. Once there were two, none of them is found any more. */
interface Slot {
  readonly entries: Set<Entry>;
  isAmbiguous: boolean;
}

/** Wall-clock time goes on while the machine sleeps, monotonic time when the clock is set back. */
interface Times {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * Keeps reasoning between the requests of a tool loop, for front doors whose messages have no place for it. It is in
 * the memory of this window alone. Its keys are made with a secret of the window.
 */
export class ReasoningStore {
  readonly #clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly #secret = randomBytes(32);
  /** In the order of their last use. */
  readonly #entries = new Set<Entry>();
  readonly #slots = new Map<string, Slot>();
  #bytes = 0;

  constructor(clock: Pick<Clock, 'nowMs' | 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** The memory that the entries take, estimated on the high side. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps the reasoning of an answer with these tool calls. Without calls there is nothing to find it by. */
  keep(owner: ReasoningOwner, reasoning: KeptReasoning, uses: readonly ToolUse[]): void {
    this.#dropOld();
    const keys = [...new Set(uses.map((use) => this.#keyOf(owner, reasoning.madeBy, use)))].sort();
    if (keys.length === 0) return;
    const text = JSON.stringify([keys, reasoning]);
    const bytes = text.length * 2 + keys.length * reasoningLimits.keyBytes;
    if (bytes > reasoningLimits.storeBytes) return;
    for (const known of this.#slots.get(keys[0] ?? '')?.entries ?? [])
      if (JSON.stringify([known.keys, known.reasoning]) === text) this.#remove(known);
    const entry: Entry = { reasoning, keys, bytes, keptAt: this.#now() };
    for (const key of keys) {
      const slot = this.#slots.get(key) ?? { entries: new Set(), isAmbiguous: false };
      slot.isAmbiguous ||= slot.entries.size > 0;
      slot.entries.add(entry);
      this.#slots.set(key, slot);
    }
    this.#entries.add(entry);
    this.#bytes += bytes;
    for (const leastUsed of this.#entries) {
      if (this.#bytes <= reasoningLimits.storeBytes) break;
      this.#remove(leastUsed);
    }
  }

  /** The reasoning of the one answer with these tool calls, made by one of these targets. Two finds give none. */
  find(
    owner: ReasoningOwner,
    makers: readonly string[],
    uses: readonly ToolUse[],
  ): KeptReasoning | undefined {
    this.#dropOld();
    const found = new Set<Entry>();
    for (const madeBy of new Set(makers)) {
      for (const use of uses) {
        const slot = this.#slots.get(this.#keyOf(owner, madeBy, use));
        if (slot?.isAmbiguous === true) return undefined;
        for (const entry of slot?.entries ?? []) found.add(entry);
      }
    }
    const [entry, ...others] = found;
    if (entry === undefined || others.length > 0) return undefined;
    this.#entries.delete(entry);
    this.#entries.add(entry);
    return entry.reasoning;
  }

  #keyOf({ tenant, caller }: ReasoningOwner, madeBy: string, { id, name, input }: ToolUse): string {
    const text = JSON.stringify([madeBy, tenant, caller, id, name, canonical(input)]);
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }

  #now(): Times {
    return { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() };
  }

  #dropOld(): void {
    const now = this.#now();
    for (const entry of this.#entries) {
      const { wallMs, monotonicMs } = entry.keptAt;
      const ageMs = Math.max(now.wallMs - wallMs, now.monotonicMs - monotonicMs);
      if (ageMs >= reasoningLimits.storeMs) this.#remove(entry);
    }
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry);
    this.#bytes -= entry.bytes;
    for (const key of entry.keys) {
      const slot = this.#slots.get(key);
      slot?.entries.delete(entry);
      if (slot?.entries.size === 0) this.#slots.delete(key);
    }
  }
}

/** The same text for the same arguments, however they are written. */
function canonical(input: unknown): unknown {
  if (typeof input === 'string') {
    try {
      return sorted(JSON.parse(input === '' ? '{}' : input));
    } catch {
      return input;
    }
  }
  return sorted(input);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', ...value.map(sorted)];
  if (!isObject(value)) return value;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return ['object', ...members.map(([name, member]) => [name, sorted(member)])];
}
