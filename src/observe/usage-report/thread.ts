/** The program of the thread that reads reports: `node:sqlite` keeps whoever calls it waiting, and here nobody minds. */
import { parentPort, workerData } from 'node:worker_threads';
import { ReadOnlyLedger } from '../../ledger/db/read-only.ts';
import type { ReportQuery } from './query.ts';
import { ReportReader, type UsageReport } from './report.ts';

/** What the thread is started with. */
export interface ThreadData {
  readonly file: string;
  readonly zone: string;
}

/** What the thread answers. */
export type ThreadMessage =
  | { readonly kind: 'report'; readonly report: UsageReport }
  | { readonly kind: 'problem'; readonly error: unknown };

/** Whoever shows a partial report gets the processor to draw it; what it lacks comes a moment later. */
const restMs = 250;

const { file, zone } = workerData as ThreadData;
let reader: ReportReader | undefined;
let latest: ReportQuery | undefined;
let rest: NodeJS.Timeout | undefined;
let readsOn = false;

function say(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

function answer(query: ReportQuery): void {
  try {
    reader ??= new ReportReader(new ReadOnlyLedger(file, zone));
    const report = reader.read(query);
    say({ kind: 'report', report });
    if (report.partial) pauseThenReadOn(reader);
  } catch (error) {
    say({ kind: 'problem', error });
  }
}

function pauseThenReadOn(from: ReportReader): void {
  if (readsOn) return;
  clearTimeout(rest);
  rest = setTimeout(() => {
    readOn(from);
  }, restMs);
}

/** A piece at a time, so that a question that comes meanwhile does not wait. */
function readOn(from: ReportReader): void {
  readsOn = true;
  setImmediate(() => {
    readsOn = false;
    if (latest === undefined) return;
    try {
      if (from.readOn(latest)) answer(latest);
      else readOn(from);
    } catch (error) {
      say({ kind: 'problem', error });
    }
  });
}

parentPort?.on('message', (query: ReportQuery) => {
  latest = query;
  answer(query);
});
