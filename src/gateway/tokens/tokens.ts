import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { CallToken } from '../../guard/call.ts';
import type { Redactor } from '../../redaction/redact.ts';
import type { Clock } from '../../shared/clock.ts';

/** The rights of a token: calls for one tenant, all management routes, or only reading. */
export type TokenGrant =
  | { readonly kind: 'calls'; readonly tenant: string }
  | { readonly kind: 'management' }
  | { readonly kind: 'readOnly' };

/** What a token of a tenant may have besides its grant. */
export interface TokenSettings {
  /** As the user sees it. */
  readonly name?: string | undefined;
  /** The tool that uses it; see `tool-names.ts`. */
  readonly tool?: string | undefined;
  /** Caps of a day. Dollars in millionths. */
  readonly caps?: Readonly<Partial<Record<TokenCapKind, number | undefined>>> | undefined;
  /** Patterns of the models that it may use. Absent or empty: all. */
  readonly models?: readonly string[] | undefined;
  /** When it ends. */
  readonly expiresMs?: number | undefined;
}

export const tokenCapKinds = ['requestsPerDay', 'tokensPerDay', 'usdPerDay'] as const;

export type TokenCapKind = (typeof tokenCapKinds)[number];

/** A token as it is stored: its rights and its hash. The token itself is not stored. */
export interface TokenRow {
  readonly id: string;
  readonly grant: TokenGrant;
  readonly settings?: TokenSettings;
  /** SHA-256, base64url. A token has 256 random bits, so a slower hash is not needed. */
  readonly hash: string;
  readonly createdMs: number;
  /** The process of the window that has this token in a guarded terminal. The token ends with it. */
  readonly process?: number;
}

/** What a call has of its token. */
export interface GatewayToken extends CallToken {
  readonly tool: string | undefined;
}

export function callTokenOf({ id, grant, settings = {} }: TokenRow): GatewayToken {
  const { name, tool, caps = {}, models = [] } = settings;
  const set = Object.entries(caps).filter((entry): entry is [TokenCapKind, number] => entry[1] !== undefined);
  const shown = name ?? (grant.kind === 'calls' ? grant.tenant : grant.kind);
  return { id, name: shown, tool, caps: Object.fromEntries(set), models };
}

/** Stores the rows. Read for each request, so that a token is refused as soon as any window revokes it. */
export interface TokenStore {
  all(): Promise<readonly TokenRow[]>;
  put(row: TokenRow): Promise<void>;
  /** Returns false if no row has this id. */
  remove(id: string): Promise<boolean>;
}

export interface IssuedToken {
  readonly id: string;
  /** Shown once. Only its hash is stored. */
  readonly token: string;
  /** The ids of the tokens that it replaces. */
  readonly replaced: readonly string[];
}

/** Every token begins with this, so that it can be found in logs and URLs. */
export const tokenPrefix = 'callguard_';

/** The gateway's tokens: one for each tenant, one for management, one for reading, one for each guarded terminal. */
export class TokenBook {
  readonly #store: TokenStore;
  readonly #clock: Clock;
  readonly #redactor: Pick<Redactor, 'register'> | undefined;
  /** The tokens that the redactor knows. */
  readonly #known = new Set<string>();

  /** `redactor` gets to know every valid token when it is used, because only hashes are stored. */
  constructor(store: TokenStore, clock: Clock, redactor?: Pick<Redactor, 'register'>) {
    this.#store = store;
    this.#clock = clock;
    this.#redactor = redactor;
  }

  /** Creates a token and revokes the previous one of the same grant and name. */
  async issue(grant: TokenGrant, settings: TokenSettings = {}): Promise<IssuedToken> {
    const before = (await this.#store.all()).filter(
      (row) => row.process === undefined && isSame(row.grant, grant) && row.settings?.name === settings.name,
    );
    const issued = await this.#put(grant, settings);
    for (const row of before) await this.#store.remove(row.id);
    return { ...issued, replaced: before.map(({ id }) => id) };
  }

  /** Creates a token for one guarded terminal of the window with this process id. Revokes no other token. */
  issueForTerminal(tenant: string, process: number, tool?: string): Promise<IssuedToken> {
    return this.#put({ kind: 'calls', tenant }, { tool }, process);
  }

  /** Revokes the tokens of terminals whose window has ended without closing them. */
  async revokeOrphans(isAlive: (process: number) => boolean | Promise<boolean>): Promise<void> {
    for (const { id, process } of await this.#store.all()) {
      if (process !== undefined && !(await isAlive(process))) await this.#store.remove(id);
    }
  }

  revoke(id: string): Promise<boolean> {
    return this.#store.remove(id);
  }

  all(): Promise<readonly TokenRow[]> {
    return this.#store.all();
  }

  /** Returns the rights of a token. Takes the same time for a wrong token as for a right one. */
  async grantOf(token: string): Promise<TokenGrant | undefined> {
    return (await this.rowOf(token))?.grant;
  }

  /** Undefined for a token that is unknown, was revoked, or has expired. */
  async rowOf(token: string): Promise<TokenRow | undefined> {
    const hash = digest(token);
    let found: TokenRow | undefined;
    for (const row of await this.#store.all()) {
      const stored = Buffer.from(row.hash, 'base64url');
      if (stored.length === hash.length && timingSafeEqual(stored, hash)) found = row;
    }
    if (found !== undefined && !this.#known.has(token)) {
      this.#known.add(token);
      this.#redactor?.register(token);
    }
    const { expiresMs = Infinity } = found?.settings ?? {};
    return this.#clock.nowMs() < expiresMs ? found : undefined;
  }

  async #put(grant: TokenGrant, settings: TokenSettings, process?: number): Promise<IssuedToken> {
    const token = tokenPrefix + randomBytes(32).toString('base64url');
    const id = randomUUID();
    const hash = digest(token).toString('base64url');
    const hasSettings = Object.values(settings).some((value) => value !== undefined);
    const row = { id, grant, hash, createdMs: this.#clock.nowMs(), ...(hasSettings ? { settings } : {}) };
    await this.#store.put(process === undefined ? row : { ...row, process });
    return { id, token, replaced: [] };
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function isSame(left: TokenGrant, right: TokenGrant): boolean {
  if (left.kind === 'calls' && right.kind === 'calls') return left.tenant === right.tenant;
  return left.kind === right.kind;
}
