import * as vscode from 'vscode';
import type { LogSink } from '../redaction/redacted-log.ts';
import { toDisposable, type Disposable } from '../shared/disposable.ts';

/** The only parts of VS Code's API without which nothing works. */
const needed = [
  'EventEmitter',
  'commands.registerCommand',
  'env',
  'l10n.t',
  'window.createOutputChannel',
  'workspace.getConfiguration',
] as const;
const neededOfContext = ['globalStorageUri', 'secrets'] as const;

/** Throws if nothing works in this editor, with the reason. */
export function assertEditor(context: Partial<vscode.ExtensionContext>): void {
  const ofContext = neededOfContext.find((name) => context[name] === undefined);
  const missing = ofContext === undefined ? missingApi(needed) : `ExtensionContext.${ofContext}`;
  if (missing === undefined) return;
  throw new Error(
    `Callguard needs ${missing}, which this editor does not have. Use VS Code 1.106 or later, or an editor that is based on it.`,
  );
}

/** The first of these parts of the API that this editor lacks, as forks of VS Code may. */
export function missingApi(paths: readonly string[]): string | undefined {
  const missing = paths.find((path) => partOf(path) === undefined);
  return missing === undefined ? undefined : `vscode.${missing}`;
}

function partOf(path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      vscode,
    );
}

/** Registers a part of Callguard that works in this editor if it has all that the part needs. The rest works anyway. */
export function registerPart(
  part: string,
  needs: readonly string[],
  log: Pick<LogSink, 'warn'>,
  register: () => Disposable,
): Disposable {
  const missing = missingApi(needs);
  try {
    if (missing === undefined) return register();
    log.warn(`This editor has no ${missing}, so Callguard works without ${part}.`);
  } catch (error) {
    log.warn(`This editor refused ${part}, so Callguard works without it. ${String(error)}`);
  }
  return toDisposable(() => undefined);
}
