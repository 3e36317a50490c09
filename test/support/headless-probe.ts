/** Preloaded into a headless Callguard under test: reports to its parent what only the process itself knows. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WorkWatch } from './work-watch.ts';

export type ProbeQuestion = 'probe' | 'watch work' | 'seen work';

export interface Probed {
  /** The names of its environment's variables. */
  readonly variables: readonly string[];
  /** After a collection of garbage, in bytes. */
  readonly memory: { readonly heapUsed: number; readonly rss: number };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A second time for what only the first one released. */
function collectAll(): void {
  for (let n = 0; n < 2; n++) collect();
}

const work = new WorkWatch();

process.on('message', (question: ProbeQuestion) => {
  switch (question) {
    case 'probe': {
      collectAll();
      const { heapUsed, rss } = process.memoryUsage();
      process.send?.({ variables: Object.keys(process.env), memory: { heapUsed, rss } } satisfies Probed);
      break;
    }
    case 'watch work':
      collectAll();
      work.begin();
      process.send?.(true);
      break;
    case 'seen work':
      process.send?.(work.seen);
  }
});
// The process must end as if nobody asked.
process.channel?.unref();
