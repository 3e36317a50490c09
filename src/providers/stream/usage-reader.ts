import type { ReportedUsage } from '../../guard/sender-port.ts';
import { isObject } from '../../shared/json.ts';
import type { Counts } from '../dialects/dialect.ts';
import { dialects, type WireDialect } from '../dialects/dialects.ts';

/** Adds up what the events of one answer, or a whole JSON answer, report about usage. */
export interface UsageReader {
  read(answer: unknown): void;
  /** The tokens reported so far; undefined if none were reported. A reported 0 is a 0. */
  readonly usage: ReportedUsage | undefined;
}

export function createUsageReader(dialect: WireDialect): UsageReader {
  const { members, counts, sum } = dialects[dialect].usage;
  /** The latest and largest of each count. */
  let merged: Counts | undefined;
  return {
    // Counts only grow while an answer is made, and a dialect may report some first and others last.
    read: (answer) => {
      if (!isObject(answer) || members.every((name) => answer[name] === undefined || answer[name] === null))
        return;
      const found = counts(answer);
      if (found !== undefined && Object.values(found).some((value) => value !== undefined)) {
        merged = larger(merged ?? {}, found);
      }
    },
    get usage() {
      return merged === undefined ? undefined : sum(merged);
    },
  };
}

function larger(left: Counts, right: Counts): Counts {
  const merged: Record<string, number | undefined> = { ...left };
  for (const [name, count] of Object.entries(right)) {
    if (count !== undefined) merged[name] = Math.max(count, merged[name] ?? 0);
  }
  return merged;
}
