import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../shared/clock.ts';

/** What a token lets in: calls on a tenant's account, all of the management, or reading of it alone. */
export type TokenGrant =
  | { readonly kind: 'calls'; readonly tenant: string }
  | { readonly kind: 'management' }
  | { readonly kind: 'readOnly' };

/** A token as it is stored: what it lets in, and nothing that could be used as one. */
export interface TokenRow {
  readonly id: string;
  readonly grant: TokenGrant;
  /** SHA-256, base64url. A token has 256 bits of chance, so nothing slower is needed. */
  readonly hash: string;
  readonly createdMs: number;
  /** Of the window in whose guarded terminal alone it is, and with which it ends. */
  readonly process?: number;
}

/** Where the rows are kept. Read for each request, so a token that any window revokes is refused at once. */
export interface TokenStore {
  all(): Promise<readonly TokenRow[]>;
  put(row: TokenRow): Promise<void>;
  /** False if there was none. */
  remove(id: string): Promise<boolean>;
}

export interface IssuedToken {
  readonly id: string;
  /** Shown once: only its hash is stored. */
  readonly token: string;
}

/** What every token begins with, so that it is found where it should not be. */
export const tokenPrefix = 'callguard_';

/** The gateway's tokens: one a tenant, one for the management, one for reading, and one for each guarded terminal. */
export class TokenBook {
  readonly #store: TokenStore;
  readonly #clock: Clock;

  constructor(store: TokenStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Makes a token. The one that there was for the same grant is revoked. */
  async issue(grant: TokenGrant): Promise<IssuedToken> {
    const before = (await this.#store.all()).filter(
      (row) => row.process === undefined && isSame(row.grant, grant),
    );
    const issued = await this.#put(grant);
    for (const row of before) await this.#store.remove(row.id);
    return issued;
  }

  /** Makes a token for one guarded terminal of the window that `process` is. It takes none from anybody. */
  issueForTerminal(tenant: string, process: number): Promise<IssuedToken> {
    return this.#put({ kind: 'calls', tenant }, process);
  }

  /** Revokes what windows left behind that died before their terminals were closed. */
  async revokeOrphans(isAlive: (process: number) => boolean): Promise<void> {
    for (const { id, process } of await this.#store.all()) {
      if (process !== undefined && !isAlive(process)) await this.#store.remove(id);
    }
  }

  revoke(id: string): Promise<boolean> {
    return this.#store.remove(id);
  }

  all(): Promise<readonly TokenRow[]> {
    return this.#store.all();
  }

  /** What `token` lets in. Takes as long for a wrong one as for a right one. */
  async grantOf(token: string): Promise<TokenGrant | undefined> {
    const hash = digest(token);
    let grant: TokenGrant | undefined;
    for (const row of await this.#store.all()) {
      const stored = Buffer.from(row.hash, 'base64url');
      if (stored.length === hash.length && timingSafeEqual(stored, hash)) grant = row.grant;
    }
    return grant;
  }

  async #put(grant: TokenGrant, process?: number): Promise<IssuedToken> {
    const token = tokenPrefix + randomBytes(32).toString('base64url');
    const id = randomUUID();
    const hash = digest(token).toString('base64url');
    const row = { id, grant, hash, createdMs: this.#clock.nowMs() };
    await this.#store.put(process === undefined ? row : { ...row, process });
    return { id, token };
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function isSame(left: TokenGrant, right: TokenGrant): boolean {
  if (left.kind === 'calls' && right.kind === 'calls') return left.tenant === right.tenant;
  return left.kind === right.kind;
}
