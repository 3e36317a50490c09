import * as vscode from 'vscode';

/** Runs `work` with a progress notification in which the user can cancel it. */
export async function cancellably<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (_progress, token) => {
      const abort = new AbortController();
      const cancellation = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await work(abort.signal);
      } finally {
        cancellation.dispose();
      }
    },
  );
}
