import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify, parse, type FormattingOptions, type ParseError } from 'jsonc-parser';
import { isObject } from '../../shared/json.ts';
import { err, ok, type Result } from '../../shared/result.ts';

/** One value in the settings of a tool. */
export interface ToolSetting {
  readonly path: readonly [string, ...string[]];
  readonly value: unknown;
}

/** What takes one setting back. */
export interface SettingUndo {
  readonly path: readonly [string, ...string[]];
  /** A hash of the value that was written, so that a later value of the user stays. */
  readonly written: string;
  /** The value before; absent if there was none. */
  readonly before?: unknown;
  /** How many objects on the path were there before. */
  readonly parents: number;
}

export interface Edited {
  readonly text: string;
  readonly undo: readonly SettingUndo[];
}

/** Why the text is not edited. */
export type EditProblem = 'unreadable' | 'conflict';

const options = { allowTrailingComma: true, disallowComments: false } as const;

/** Sets the values in a text of JSON with comments, and leaves everything else as it is. */
export function applySettings(text: string, settings: readonly ToolSetting[]): Result<Edited, EditProblem> {
  const start = rootOf(text);
  if (start === undefined) return err('unreadable');
  let edited = text.trim() === '' ? '{}\n' : text;
  const undo: SettingUndo[] = [];
  for (const { path, value } of settings) {
    const root = rootOf(edited);
    const found = root === undefined ? undefined : find(root, path);
    if (found === undefined) return err('conflict');
    undo.unshift({
      path,
      written: hashOf(value),
      ...('value' in found ? { before: found.value } : {}),
      parents: found.parents,
    });
    edited = withValue(edited, path, value);
  }
  return isAsIntended(edited, start, settings, undo) ? ok({ text: edited, undo }) : err('conflict');
}

export interface Undone {
  readonly text: string;
  /** The settings that have another value by now. They stay. */
  readonly kept: readonly string[];
}

/** Takes settings back where they still have the value that was written. */
export function undoSettings(text: string, undo: readonly SettingUndo[]): Result<Undone, EditProblem> {
  const kept: string[] = [];
  let edited = text;
  for (const step of undo) {
    const root = rootOf(edited);
    if (root === undefined) return err('unreadable');
    const found = find(root, step.path);
    if (found === undefined || !('value' in found) || hashOf(found.value) !== step.written) {
      kept.push(step.path.join('.'));
      continue;
    }
    edited = withValue(edited, ...takenBack(root, step));
  }
  const root = rootOf(edited);
  return root === undefined ? err('unreadable') : ok({ text: edited, kept });
}

/** The path and the value that take a step back. An object that was made for the setting goes if nothing else is in it. */
function takenBack(
  root: object,
  { path, before, parents, ...step }: SettingUndo,
): [path: readonly string[], value: unknown] {
  if (before !== undefined || 'before' in step) return [path, before];
  let depth = path.length;
  while (depth - 1 > parents && isOnlyMember(root, path.slice(0, depth - 1))) depth -= 1;
  return [path.slice(0, depth), undefined];
}

function isOnlyMember(root: object, path: readonly string[]): boolean {
  const found = find(root, path);
  return (
    found !== undefined && 'value' in found && isObject(found.value) && Object.keys(found.value).length === 1
  );
}

/** Leads back to what was there before the first of two edits, where the second has replaced what the first wrote. */
export function joinUndo(first: readonly SettingUndo[], second: readonly SettingUndo[]): SettingUndo[] {
  const firstAt = new Map(first.map((step) => [step.path.join('\0'), step]));
  const joined = second.map((step) => {
    const earlier = firstAt.get(step.path.join('\0'));
    firstAt.delete(step.path.join('\0'));
    const hasReplaced = 'before' in step && hashOf(step.before) === earlier?.written;
    return hasReplaced ? { ...earlier, written: step.written } : step;
  });
  return [...joined, ...firstAt.values()];
}

type Found = { readonly parents: number } | { readonly parents: number; readonly value: unknown };

/** Undefined if a value on the path is not an object. */
function find(root: object, path: readonly string[]): Found | undefined {
  let at: unknown = root;
  for (const [parents, name] of path.entries()) {
    if (!isObject(at)) return undefined;
    if (!Object.hasOwn(at, name)) return { parents };
    at = at[name];
  }
  return { parents: path.length - 1, value: at };
}

/** The object of a text; undefined for a text with an error, or with something else in it. */
function rootOf(text: string): object | undefined {
  if (text.trim() === '') return {};
  const errors: ParseError[] = [];
  const root = parse(text, errors, options) as unknown;
  return errors.length === 0 && isObject(root) ? root : undefined;
}

/**
 * The text is read again: a file with the same name twice has another value for its readers than for its editor. And
 * what is taken back at once has to be what was there.
 */
function isAsIntended(
  edited: string,
  start: object,
  settings: readonly ToolSetting[],
  undo: readonly SettingUndo[],
): boolean {
  const root = rootOf(edited);
  if (root === undefined) return false;
  const areSet = settings.every(({ path, value }) => {
    const found = find(root, path);
    return found !== undefined && 'value' in found && isDeepStrictEqual(found.value, value);
  });
  const undone = undoSettings(edited, undo);
  return areSet && undone.ok && isDeepStrictEqual(rootOf(undone.value.text), start);
}

function withValue(text: string, path: readonly string[], value: unknown): string {
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: formatOf(text) }));
}

/** As the file itself is written. */
function formatOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
