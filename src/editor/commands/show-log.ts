import type { EditorLog } from '../editor-log.ts';

export function showLog({ log }: { readonly log: EditorLog }): void {
  log.show();
}
