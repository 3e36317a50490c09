import * as vscode from 'vscode';
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

/**
 * Registers a part of Callguard if this editor has all that the part needs. Otherwise `report` gets what is missing, or
 * why the editor refused, and the rest works without the part.
 */
export function registerPart(
  needs: readonly string[],
  register: () => Disposable,
  report: (why: string) => void,
): Disposable {
  const missing = missingApi(needs);
  try {
    if (missing === undefined) return register();
    report(missing);
  } catch (error) {
    report(String(error));
  }
  return toDisposable(() => undefined);
}
