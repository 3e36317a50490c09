import http from 'node:http';
import type { TargetRules } from '../../src/guard/rules.ts';
import { Gateway, defaultGatewayOptions, type GatewayOptions } from '../../src/gateway/gateway.ts';
import type { ManagementPort } from '../../src/gateway/ports.ts';
import { TokenBook, type TokenGrant, type TokenRow, type TokenStore } from '../../src/gateway/tokens.ts';
import { createSender } from '../../src/providers/sender.ts';
import { parseProviders, type ProviderConfig } from '../../src/providers/settings.ts';
import { parseRoutes } from '../../src/providers/routes.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { ok } from '../../src/shared/result.ts';
import { guardWith } from './guard-fixture.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { senderOptions } from './sender.ts';
import type { GuardPorts } from '../../src/guard/ports.ts';

export class MemoryTokens implements TokenStore {
  rows: readonly TokenRow[] = [];

  all(): Promise<readonly TokenRow[]> {
    return Promise.resolve(this.rows);
  }

  put(row: TokenRow): Promise<void> {
    this.rows = [...this.rows, row];
    return Promise.resolve();
  }

  remove(id: string): Promise<boolean> {
    const before = this.rows.length;
    this.rows = this.rows.filter((row) => row.id !== id);
    return Promise.resolve(this.rows.length < before);
  }
}

export interface GatewayTrial {
  readonly gateway: Gateway;
  readonly port: number;
  readonly origin: string;
  readonly ledger: MemoryLedger;
  readonly book: TokenBook;
  /** The token of the tenant `work`. */
  readonly token: string;
  readonly troubles: unknown[];
  readonly saved: [string, unknown][];
  /** What the person in front of the window says. */
  confirms: boolean;
  tokenFor(grant: TokenGrant): Promise<string>;
}

export interface TrialSettings {
  readonly providers: Readonly<Record<string, unknown>>;
  readonly routes?: Readonly<Record<string, readonly string[]>>;
  readonly rules?: Partial<TargetRules>;
  readonly options?: Partial<GatewayOptions>;
  readonly ports?: Partial<GuardPorts>;
}

/** A gateway on a port of its own, with the real guard, sender and wire; the ledger is in memory. */
export async function startGateway({
  providers,
  routes = {},
  rules = {},
  options = {},
  ports = {},
}: TrialSettings): Promise<GatewayTrial> {
  const ledger = new MemoryLedger(systemClock);
  const parsed = parseProviders(providers);
  const configOf = (id: string): ProviderConfig | undefined => parsed.usable.get(id);
  const [anyConfig] = parsed.usable.values();
  if (anyConfig === undefined) throw new Error(JSON.stringify(parsed.broken));
  const { guard } = guardWith(
    [],
    (target) => ({ policy: configOf(target.provider)?.policy ?? anyConfig.policy, ...fastRetry, ...rules }),
    {
      sender: createSender({ ...senderOptions(anyConfig), configOf }),
      ledger,
      clock: systemClock,
      ...ports,
    },
  );
  const book = new TokenBook(new MemoryTokens(), systemClock);
  const troubles: unknown[] = [];
  const saved: [string, unknown][] = [];
  const tokenFor = async (grant: TokenGrant) => (await book.issue(grant)).token;
  const token = await tokenFor({ kind: 'calls', tenant: 'work' });
  const state = { confirms: true };
  const management: ManagementPort = {
    status: () => Promise.resolve({ available: true }),
    metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'callguard_up 1\n' }),
    usageStats: (query) =>
      Promise.resolve(
        query.has('from')
          ? ok({ from: query.get('from') })
          : { ok: false, error: 'from: expected a day such as 2026-01-31' },
      ),
    providerStatus: () => Promise.resolve({ providers: [] }),
    test: (provider, model) => Promise.resolve({ ok: true, provider, model: model ?? null }),
    confirm: () => Promise.resolve(state.confirms),
    save: (id, entry) => {
      saved.push([id, entry]);
      return Promise.resolve();
    },
  };
  const gateway = new Gateway(
    {
      guard,
      settings: () => ({
        providers: parsed,
        routes: parseRoutes(routes).routes,
        limits: [],
        workspaceModels: [],
        workspaceLimits: {},
      }),
      tokens: book,
      management,
      clock: systemClock,
      onTrouble: (error) => troubles.push(error),
    },
    { ...defaultGatewayOptions, port: 0, ...options },
  );
  const started = await gateway.start();
  if (!started.ok) throw new Error(started.error.message);
  const { port } = started.value;
  return {
    gateway,
    port,
    origin: `http://127.0.0.1:${port}`,
    ledger,
    book,
    token,
    troubles,
    saved,
    tokenFor,
    get confirms() {
      return state.confirms;
    },
    set confirms(value) {
      state.confirms = value;
    },
  };
}

const fastRetry = { retry: { retries: 2, baseMs: 1, capMs: 1, budgetShare: 1, budgetFloor: 10 } };

export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** Of an error, in whichever protocol. */
  readonly code: string | undefined;
}

export interface Asking {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly headers?: http.OutgoingHttpHeaders;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

/** One request, as plainly as Node.js can make it: no header that is not given here but Host. */
export function ask(
  origin: string,
  path: string,
  { method, token, headers, body }: Asking = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const request = http.request(new URL(origin), {
      path,
      agent: false,
      method: method ?? (text === undefined ? 'GET' : 'POST'),
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      let received = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (received += chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, text: received, code: codeIn(received) });
      });
    });
    request.end(text);
  });
}

function codeIn(text: string): string | undefined {
  return /"code":"([a-z_]+)"/.exec(text)?.[1];
}

export function chatBody(fields: object = {}): object {
  return { model: 'acme/m', messages: [{ role: 'user', content: 'Hello?' }], stream: true, ...fields };
}
