import { placed, type Wording } from '../shared/l10n.ts';
import type { Exposure } from './private-file.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { MasterKey } from './master-key.ts';
import { createRingFile, readRingFile, replaceRingFile, type RingContent } from './ring-file.ts';

/** The master keys. The current one seals; the current and the previous ones open. */
export interface Ring {
  readonly source: 'environment' | 'file';
  /** Undefined if there is neither LLM_SECRET_KEY nor a ring file. */
  readonly current: MasterKey | undefined;
  readonly previous: readonly MasterKey[];
}

export interface SealingRing extends Ring {
  readonly current: MasterKey;
}

type KeyVariable = 'LLM_SECRET_KEY' | 'LLM_PREVIOUS_KEYS';

/** Why there is no ring. Never contains a key. */
export type KeyRingProblem =
  /** A production setup without LLM_SECRET_KEY. */
  | { readonly kind: 'environmentKeyMissing' }
  /** `position`: which of the comma-separated keys, from 1. */
  | { readonly kind: 'malformedKey'; readonly variable: KeyVariable; readonly position: number }
  /** The same for a key that is plainly not random. */
  | { readonly kind: 'weakKey'; readonly variable: KeyVariable; readonly position: number }
  | { readonly kind: 'ringFile'; readonly path: string; readonly problem: string }
  /** Other users may have changed the ring file. `path`: the file or its folder. `command` fixes it in a shell. */
  | {
      readonly kind: 'exposedRing';
      readonly path: string;
      readonly exposure: Exposure;
      readonly command: string;
    };

/**
 * Whether this fault refuses every call, even to a provider without a key. A ring file that cannot be used refuses only
 * calls that need one of its keys.
 */
export function refusesEveryCall({ kind }: KeyRingProblem): boolean {
  return kind !== 'ringFile' && kind !== 'exposedRing';
}

/** Reads `callguard.vault.requireEnvironmentKey`. An invalid value counts as true: the user wanted protection. */
export function parseRequiredKey(setting: unknown): { required: boolean; problems: Wording[] } {
  const written = setting ?? false;
  if (typeof written === 'boolean') return { required: written, problems: [] };
  const problem = placed('callguard.vault.requireEnvironmentKey', (l10n) =>
    l10n.t('must be true or false; using true'),
  );
  return { required: true, problems: [problem] };
}

export interface KeyRingOptions {
  /** The path of the ring file. Its folder must not be the one that holds the tokens. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The setting `callguard.vault.requireEnvironmentKey`; `LLM_ENV=production` has the same effect. */
  readonly requireEnvironmentKey: () => boolean;
}

/**
 * The source of the master keys: `LLM_SECRET_KEY` and, only to open, `LLM_PREVIOUS_KEYS`; or a ring file if the former
 * is not set. Keeps nothing in memory, because another window may rotate.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** The current ring. Creates nothing. */
  async load(): Promise<Result<Ring, KeyRingProblem>> {
    const environment = this.#environment();
    if (!environment.ok) return environment;
    const { current, previous } = environment.value;
    if (current !== undefined) return ok({ source: 'environment', current, previous });
    return await this.#onFile<Ring>(async (file) => {
      const content = await readRingFile(file);
      return content === undefined ? { source: 'file', current, previous } : ringOf(content, previous);
    });
  }

  /** The ring with a key to seal under. Creates a ring file if there is none. */
  async loadForSealing(): Promise<Result<SealingRing, KeyRingProblem>> {
    const ring = await this.load();
    if (!ring.ok) return ring;
    const { source, current, previous } = ring.value;
    if (current !== undefined) return ok({ source, current, previous });
    return await this.#onFile<SealingRing>(async (file) => {
      await createRingFile(file, contentOf(MasterKey.generate(), []));
      // Read it again, because another window may have created it.
      const content = await readRingFile(file);
      if (content === undefined) throw new Error('it disappeared');
      return ringOf(content, previous);
    });
  }

  /**
   * Puts a new current key into the ring file. The previous key and all keys in `needed` stay, to open. The other keys
   * are retired for good. Call it under the lock, and not with a key from the environment.
   */
  async advance(needed: ReadonlySet<string>): Promise<Result<SealingRing, KeyRingProblem>> {
    const ring = await this.loadForSealing();
    if (!ring.ok) return ring;
    if (ring.value.source !== 'file') throw new Error('a key from the environment cannot be rotated here');
    const { current, previous } = ring.value;
    const opening = [current, ...previous.filter((key) => needed.has(key.kid))];
    const next = MasterKey.generate();
    return await this.#onFile<SealingRing>(async (file) => {
      const before = await readRingFile(file);
      if (before === undefined) throw new Error('it disappeared');
      const dropped = before.previous.map(parseKey).filter((key) => !needed.has(key.kid));
      const retired = [...before.retired, ...dropped.map(retire)];
      await replaceRingFile(file, { ...contentOf(next, opening), retired });
      return { source: 'file', current: next, previous: opening };
    });
  }

  /**
   * The keys that verify the audit trail, by the id of their master key: those of the ring, and of every retired master
   * key of the ring file. Keys of the environment are not kept: a row signed under one can be verified as long as
   * LLM_PREVIOUS_KEYS has it.
   */
  async auditKeys(): Promise<Result<ReadonlyMap<string, Buffer>, KeyRingProblem>> {
    const ring = await this.load();
    if (!ring.ok) return ring;
    return await this.#onFile(async (file) => {
      const content = await readRingFile(file);
      const inFile = content === undefined ? [] : keysOf(ringOf(content, []));
      return new Map([
        ...(content?.retired ?? []).map(
          ({ kid, auditKey }) => [kid, Buffer.from(auditKey, 'base64')] as const,
        ),
        ...[...inFile, ...keysOf(ring.value)].map((key) => [key.kid, key.auditKey] as const),
      ]);
    });
  }

  #environment(): Result<Pick<Ring, 'current' | 'previous'>, KeyRingProblem> {
    const { LLM_SECRET_KEY: secret, LLM_PREVIOUS_KEYS: others = '', LLM_ENV: set = '' } = this.#options.env;
    const production = this.#options.requireEnvironmentKey() || set.trim().toLowerCase() === 'production';
    // Set but empty is reported as a mistake, unless the answer is the same: that it must be set.
    if (production && (secret ?? '').trim() === '') return err({ kind: 'environmentKeyMissing' });

    const current = secret === undefined ? undefined : MasterKey.parse(secret);
    if (secret !== undefined && current === undefined) {
      return err({ kind: faultOf(secret), variable: 'LLM_SECRET_KEY', position: 1 });
    }
    const previous: MasterKey[] = [];
    for (const [index, text] of others.split(',').entries()) {
      if (text.trim() === '') continue;
      const key = MasterKey.parse(text);
      if (key === undefined)
        return err({ kind: faultOf(text), variable: 'LLM_PREVIOUS_KEYS', position: index + 1 });
      previous.push(key);
    }
    return ok({ current, previous });
  }

  async #onFile<T>(work: (file: string) => Promise<T>): Promise<Result<T, KeyRingProblem>> {
    const { file } = this.#options;
    try {
      return ok(await work(file));
    } catch (error) {
      const { ExposedError } = await import('./private-file.ts');
      if (error instanceof ExposedError) {
        const { path, exposure, command } = error;
        return err({ kind: 'exposedRing', path, exposure, command });
      }
      if (error instanceof WeakKeyError) return err({ kind: 'ringFile', path: file, problem: error.message });
      // Not the error's own message, because a JSON error quotes the text.
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'damaged';
      return err({ kind: 'ringFile', path: file, problem: code });
    }
  }
}

/** The key of the ring with this id. */
export function findKey(ring: Ring, kid: string): MasterKey | undefined {
  return keysOf(ring).find((key) => key.kid === kid);
}

/** All keys that open, with the current one first. */
export function keysOf(ring: Ring): readonly MasterKey[] {
  return ring.current === undefined ? ring.previous : [ring.current, ...ring.previous];
}

function contentOf(current: MasterKey, previous: readonly MasterKey[]): RingContent {
  return { v: 1, current: current.reveal(), previous: previous.map((key) => key.reveal()), retired: [] };
}

function retire({ kid, auditKey }: MasterKey): RingContent['retired'][number] {
  return { kid, auditKey: auditKey.toString('base64') };
}

function ringOf(content: RingContent, fromEnvironment: readonly MasterKey[]): SealingRing {
  const previous = [...content.previous.map(parseKey), ...fromEnvironment];
  return { source: 'file', current: parseKey(content.current), previous };
}

function faultOf(text: string): 'malformedKey' | 'weakKey' {
  return MasterKey.isWeak(text) ? 'weakKey' : 'malformedKey';
}

function parseKey(text: string): MasterKey {
  const key = MasterKey.parse(text);
  if (key !== undefined) return key;
  throw MasterKey.isWeak(text)
    ? new WeakKeyError('one of its keys is not random')
    : new Error('one of its keys is damaged');
}

class WeakKeyError extends Error {}
