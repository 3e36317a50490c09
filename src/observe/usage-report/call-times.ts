import type { CallRow, CallReader } from '../../ledger/readers.ts';
import type { CallProperties } from '../../guard/caps.ts';
import { bodyOf } from '../audit-text.ts';
import type { Bucket } from './buckets.ts';
import { Names } from './report-names.ts';

/** Consecutive calls, by column. As objects they would need five times the memory. */
interface Block {
  readonly length: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly atMs: Float64Array;
  /** The number of the call's tenant, provider and model. */
  readonly target: Uint32Array;
  /** NaN unless the call got a whole answer: the duration of other calls says little about the provider. */
  readonly durationMs: Float32Array;
  readonly firstContentMs: Float32Array;
  /** The number of the refusal reason plus one; 0 for a call that was not refused. */
  readonly refusal: Uint32Array;
}

/** One of the calls that were read, given by its index. */
export type Visit = (block: Block, at: number, bucket: number) => void;

const rowsAtOnce = 2_500;

/**
 * When calls ended, how long they took and why they were refused, from the audit trail. Rows never change and none is
 * inserted, so each row is read once: new rows on request, old ones as far back as a view needs.
 */
export class CallTimes {
  readonly targets = new Names<CallProperties>();
  readonly reasons = new Names<string>();
  readonly #names = new Names<string>();
  readonly #rows: CallReader;
  readonly #blocks: Block[] = [];
  #newestSeq: number;
  #oldestSeq: number;
  #readFromMs = Infinity;

  constructor(rows: CallReader) {
    this.#rows = rows;
    this.#newestSeq = rows.newest();
    this.#oldestSeq = this.#newestSeq + 1;
  }

  /** Reads the rows since the last time. */
  catchUp(): void {
    for (let rows = this.#newer(); rows.length > 0; rows = this.#newer()) {
      this.#newestSeq = rows.at(-1)?.seq ?? this.#newestSeq;
      this.#blocks.push(this.#blockOf(rows));
    }
  }

  /** Reads at most this many chunks of older calls. Returns whether all calls of the buckets are here. */
  reachBack([first]: readonly Bucket[], chunks: number): boolean {
    const fromMs = first?.fromMs ?? Infinity;
    for (let left = chunks; left > 0 && this.#readFromMs > fromMs; left--) {
      const rows = this.#rows.before(this.#oldestSeq, rowsAtOnce).reverse();
      const [oldest] = rows;
      this.#oldestSeq = oldest?.seq ?? this.#oldestSeq;
      this.#readFromMs = rows.length < rowsAtOnce ? -Infinity : (oldest?.atMs ?? -Infinity);
      if (rows.length > 0) this.#blocks.push(this.#blockOf(rows));
    }
    return this.#readFromMs <= fromMs;
  }

  /** Visits every call of these buckets whose target is wanted. */
  forEach(buckets: readonly Bucket[], isWanted: readonly boolean[], visit: Visit): void {
    const [first] = buckets;
    const last = buckets.at(-1);
    if (first === undefined || last === undefined) return;
    for (const block of this.#blocks) {
      if (block.toMs < first.fromMs || block.fromMs >= last.toMs) continue;
      let bucket = 0;
      for (let at = 0; at < block.length; at++) {
        const atMs = block.atMs[at] ?? 0;
        if (atMs < first.fromMs || atMs >= last.toMs) continue;
        // A clock that had been ahead came back.
        if (atMs < (buckets[bucket]?.fromMs ?? 0)) bucket = 0;
        while (atMs >= (buckets[bucket]?.toMs ?? Infinity)) bucket += 1;
        if (isWanted[block.target[at] ?? 0] === true) visit(block, at, bucket);
      }
    }
  }

  #newer(): CallRow[] {
    return this.#rows.after(this.#newestSeq, rowsAtOnce);
  }

  /** Builds a block of rows, the oldest first. A row without a call's shape counts nowhere. */
  #blockOf(rows: readonly CallRow[]): Block {
    const times = rows.map(({ atMs }) => atMs);
    const block = {
      fromMs: Math.min(...times),
      toMs: Math.max(...times),
      atMs: new Float64Array(rows.length),
      target: new Uint32Array(rows.length),
      durationMs: new Float32Array(rows.length),
      firstContentMs: new Float32Array(rows.length),
      refusal: new Uint32Array(rows.length),
    };
    let length = 0;
    for (const row of rows) {
      const body = bodyOf(row);
      const { tenant, provider, model, outcome, reason } = body ?? {};
      if (typeof tenant !== 'string' || typeof provider !== 'string' || typeof model !== 'string') continue;
      const isRefused = outcome === 'refused' && typeof reason === 'string' && body?.['repeated'] !== true;
      block.atMs[length] = row.atMs;
      block.target[length] = this.#target({ tenant, provider, model });
      block.durationMs[length] = outcome === 'done' ? timeOf(body?.['totalMs']) : NaN;
      block.firstContentMs[length] = outcome === 'done' ? timeOf(body?.['firstContentMs']) : NaN;
      block.refusal[length] = isRefused ? this.reasons.of(reason, reason) + 1 : 0;
      length += 1;
    }
    return { ...block, length };
  }

  #target(target: CallProperties): number {
    const { tenant, provider, model } = target;
    const key = [tenant, provider, model].map((name) => this.#names.of(name, name)).join(' ');
    return this.targets.of(key, target);
  }
}

/** Stored rows are not trusted. */
function timeOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value < Infinity ? value : NaN;
}
