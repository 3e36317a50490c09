import { readFileSync, statSync } from 'node:fs';
import type { Disposable } from '../shared/disposable.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import { isObject, parseJson } from '../shared/json.ts';
import { settingsLimits } from '../shared/limits.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { nothingOpen } from '../providers/rules/tenants.ts';
import { parseSettings, type Settings, type SettingsSource } from '../settings/settings.ts';

/** How soon a change is noticed without a call. Polling works on every file system. */
const pollMs = 500;

/** Reads the file; an error says what is wrong with it and never quotes it, as it may hold a key. */
function readSettingsFile(file: string): Result<Settings, string> {
  let text: string;
  try {
    const stat = statSync(file);
    // A pipe or a device might never end.
    if (!stat.isFile()) return err('is not a file');
    if (stat.size > settingsLimits.fileBytes) return err('is too large');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return err(`cannot be read (${codeOf(error)})`);
  }
  const written = parseJson(text);
  if (written === undefined) return err('is not valid JSON (comments are not allowed)');
  if (!isObject(written)) return err('is not a JSON object');
  const user = (name: string) => {
    const key = `callguard.${name}`;
    return Object.hasOwn(written, key) ? written[key] : undefined;
  };
  const layers = (name: string) => [user(name)].filter((value) => value !== undefined);
  return ok(parseSettings({ user, layers, folders: nothingOpen }));
}

/**
 * The settings in a JSON file, named as VS Code names them. A change counts from the next turn of the event loop on,
 * so the next call has it. While the file is broken, the last good settings hold and their problems say so.
 */
export class FileSettings implements SettingsSource, Disposable {
  readonly #file: string;
  readonly #port: number | undefined;
  readonly #changed = new Emitter<undefined>();
  readonly #poll: NodeJS.Timeout;
  #good: Settings;
  #current: Settings;
  #version: string;
  #isChecked = false;

  /** `port` replaces the port of the settings. */
  static open(file: string, port?: number): Result<FileSettings, string> {
    const version = versionOf(file);
    const read = readSettingsFile(file);
    return read.ok ? ok(new FileSettings(file, port, read.value, version)) : err(`${file} ${read.error}.`);
  }

  private constructor(file: string, port: number | undefined, settings: Settings, version: string) {
    this.#file = file;
    this.#port = port;
    this.#good = this.#withPort(settings);
    this.#current = this.#good;
    this.#version = version;
    this.#poll = setInterval(() => {
      this.#readIfChanged();
    }, pollMs).unref();
  }

  get onDidChange(): Event<undefined> {
    return this.#changed.event;
  }

  get current(): Settings {
    // Once per turn of the event loop: a call reads many settings in one turn.
    if (!this.#isChecked) {
      this.#isChecked = true;
      setImmediate(() => {
        this.#isChecked = false;
      });
      this.#readIfChanged();
    }
    return this.#current;
  }

  dispose(): void {
    clearInterval(this.#poll);
  }

  #readIfChanged(): void {
    const version = versionOf(this.#file);
    if (version === this.#version) return;
    this.#version = version;
    const read = readSettingsFile(this.#file);
    if (read.ok) this.#good = this.#withPort(read.value);
    const problem = read.ok ? [] : [`${this.#file} ${read.error}. The last good settings still apply.`];
    this.#current = { ...this.#good, problems: [...this.#good.problems, ...problem] };
    this.#changed.fire(undefined);
  }

  #withPort(settings: Settings): Settings {
    return { ...settings, gatewayPort: this.#port ?? settings.gatewayPort };
  }
}

/** Differs once the file was written or replaced. */
function versionOf(file: string): string {
  try {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? 'missing' : [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ');
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
