import type { ReportedUsage } from '../../guard/sender-port.ts';
import { isObject } from '../../shared/json.ts';
import type { Counts } from '../dialects/dialect.ts';
import { largerOf } from '../dialects/usage-counts.ts';
import { dialects, type WireDialect } from '../dialects/dialects.ts';

/** Adds up what the events of one answer, or a whole JSON answer, report about usage. */
export interface UsageReader {
  read(answer: unknown): void;
  /** The tokens reported so far; undefined if none were reported. A reported 0 is a 0. */
  readonly usage: ReportedUsage | undefined;
}

export function createUsageReader(dialect: WireDialect): UsageReader {
  const { members, counts, merge = largerOf, sum } = dialects[dialect].usage;
  let merged: Counts | undefined;
  return {
    // A dialect may report some counts first and others last.
    read: (answer) => {
      if (!isObject(answer) || members.every((name) => answer[name] === undefined || answer[name] === null))
        return;
      const found = counts(answer);
      if (found !== undefined && Object.values(found).some((value) => value !== undefined)) {
        merged = merged === undefined ? found : merge(merged, found);
      }
    },
    get usage() {
      return merged === undefined ? undefined : sum(merged);
    },
  };
}
