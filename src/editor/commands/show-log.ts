import type { Log } from '../log.ts';

export function showLog({ log }: { readonly log: Log }): void {
  log.show();
}
