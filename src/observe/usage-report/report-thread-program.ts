/**
 * The program of the thread that reads reports: `node:sqlite` blocks its caller, which must not be the extension
 * host.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ReadOnlyLedger } from '../../ledger/db/read-only.ts';
import type { ReportQuery } from './query.ts';
import { ReportReader, type UsageReport } from './report.ts';

/** The data that the thread starts with. */
export interface ThreadData {
  readonly file: string;
  readonly zone: string;
}

/** The thread's answer. */
export type ThreadMessage =
  | { readonly kind: 'report'; readonly report: UsageReport }
  | { readonly kind: 'problem'; readonly error: unknown };

/** Lets the page draw a partial report first. The rest follows a moment later. */
const pauseMs = 250;

const { file, zone } = workerData as ThreadData;
let reader: ReportReader | undefined;
let latest: ReportQuery | undefined;
let pause: NodeJS.Timeout | undefined;
let readsOn = false;

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

function answer(query: ReportQuery): void {
  try {
    reader ??= new ReportReader(new ReadOnlyLedger(file, zone));
    const report = reader.read(query);
    post({ kind: 'report', report });
    if (report.partial) pauseThenReadOn(reader);
  } catch (error) {
    post({ kind: 'problem', error });
  }
}

function pauseThenReadOn(from: ReportReader): void {
  if (readsOn) return;
  clearTimeout(pause);
  pause = setTimeout(() => {
    readOn(from);
  }, pauseMs);
}

/** Works in small pieces, so that a new question does not wait. */
function readOn(from: ReportReader): void {
  readsOn = true;
  setImmediate(() => {
    readsOn = false;
    if (latest === undefined) return;
    try {
      if (from.readOn(latest)) answer(latest);
      else readOn(from);
    } catch (error) {
      post({ kind: 'problem', error });
    }
  });
}

parentPort?.on('message', (query: ReportQuery) => {
  latest = query;
  answer(query);
});
