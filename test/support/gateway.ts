import http from 'node:http';
import { Gateway, defaultGatewayOptions, type GatewayOptions } from '../../src/gateway/gateway.ts';
import { describeStartProblem } from '../../src/gateway/start-problem.ts';
import type { GatewayPorts, ManagementPort } from '../../src/gateway/gateway-ports.ts';
import type { Runaway } from '../../src/gateway/sessions.ts';
import {
  TokenBook,
  type TokenGrant,
  type TokenRow,
  type TokenStore,
} from '../../src/gateway/tokens/tokens.ts';
import { createSender } from '../../src/providers/transport/sender.ts';
import { parseProviders } from '../../src/providers/config/provider-config.ts';
import { createResolver, type ProviderTarget } from '../../src/providers/rules/resolver.ts';
import { parseRoutes } from '../../src/providers/rules/routes.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { ok } from '../../src/shared/result.ts';
import { guardWith, type TargetRules } from './guard-fixture.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { senderOptions } from './sender.ts';
import type { GuardPorts } from '../../src/guard/guard-ports.ts';

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

export interface Answers {
  confirms: () => Promise<boolean>;
}

export interface GatewayParts {
  readonly ledger: MemoryLedger;
  readonly book: TokenBook;
  /** The token of the tenant `work`. */
  readonly token: string;
  readonly troubles: unknown[];
  readonly runaways: readonly Runaway[];
  readonly saved: [string, unknown][];
  /** What the person in front of the window says. */
  readonly answers: Answers;
  tokenFor(grant: TokenGrant): Promise<string>;
  create(options?: Partial<GatewayOptions>): Gateway;
}

export interface GatewayTrial extends GatewayParts {
  readonly gateway: Gateway;
  readonly port: number;
  readonly origin: string;
}

export interface TrialSettings {
  readonly providers: Readonly<Record<string, unknown>>;
  readonly routes?: Readonly<Record<string, readonly string[]>>;
  readonly rules?: Partial<TargetRules>;
  readonly options?: Partial<GatewayOptions>;
  /** The setting `callguard.gateway.maxBodyMiB`, in bytes. */
  readonly maxBodyBytes?: number;
  readonly ports?: Partial<GuardPorts<ProviderTarget>>;
  /** Whether a user can be asked; true if absent. */
  readonly hasDialogs?: boolean;
}

/** What a gateway needs: the real guard, sender and wire; the ledger is in memory. */
export async function gatewayParts(settings: TrialSettings): Promise<GatewayParts> {
  const { providers, routes = {}, rules = {}, ports = {}, hasDialogs = true, maxBodyBytes } = settings;
  const ledger = new MemoryLedger(systemClock);
  const parsed = parseProviders(providers);
  const [anyConfig] = parsed.usable.values();
  if (anyConfig === undefined) throw new Error(JSON.stringify(parsed.broken));
  const guardSettings = { providers: parsed, limits: [], workspaceModels: [], workspaceLimits: {} };
  const resolver = createResolver(
    () => guardSettings,
    () => unlisted,
  );
  const { guard } = guardWith(
    [],
    {},
    {
      resolve: (target, call) => {
        const resolved = resolver.resolve(target, call);
        if (!resolved.ok) return resolved;
        const retry = { ...resolved.value.retry, ...fastRetry };
        return ok({ ...resolved.value, retry, ...rules });
      },
      recheck: resolver.recheck,
      sender: createSender(senderOptions(anyConfig)),
      ledger,
      clock: systemClock,
      ...ports,
    },
  );
  const book = new TokenBook(new MemoryTokens(), systemClock);
  const tokenFor = async (grant: TokenGrant) => (await book.issue(grant)).token;
  const token = await tokenFor({ kind: 'calls', tenant: 'work' });
  const troubles: unknown[] = [];
  const runaways: Runaway[] = [];
  const saved: [string, unknown][] = [];
  const answers: Answers = { confirms: () => Promise.resolve(true) };
  const management = managementWith(answers, saved);
  const parsedRoutes = parseRoutes(routes);
  const gatewayPorts: GatewayPorts = {
    guard,
    settings: () => ({
      ...guardSettings,
      routes: parsedRoutes.routes,
      patternRoutes: parsedRoutes.patterns,
      ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
    }),
    tokens: book,
    management: { ...management, configure: hasDialogs ? management.configure : undefined },
    clock: systemClock,
    onRunaway: (runaway) => runaways.push(runaway),
    onTrouble: (error) => troubles.push(error),
  };
  const create = (options: Partial<GatewayOptions> = {}) =>
    new Gateway(gatewayPorts, { ...defaultGatewayOptions, port: 0, ...options });
  return { ledger, book, token, runaways, troubles, saved, answers, tokenFor, create };
}

/** A gateway on a port of its own. */
export async function startGateway(settings: TrialSettings): Promise<GatewayTrial> {
  const parts = await gatewayParts(settings);
  const gateway = parts.create(settings.options);
  const started = await gateway.start();
  if (!started.ok) throw new Error(describeStartProblem(started.error));
  const { port } = started.value;
  return { ...parts, gateway, port, origin: `http://127.0.0.1:${port}` };
}

/** Documents that say next to nothing, for tests of who may read them. */
function managementWith(answers: Answers, saved: [string, unknown][]): ManagementPort {
  return {
    status: () => Promise.resolve({ available: true }),
    metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'callguard_up 1\n' }),
    usageStats: (query) =>
      Promise.resolve(
        query.has('from')
          ? ok({ from: query.get('from') })
          : { ok: false, error: 'from: must be a date such as 2026-01-31' },
      ),
    providerStatus: () => Promise.resolve({ providers: [] }),
    test: (provider, model) => Promise.resolve({ ok: true, provider, model: model ?? null }),
    configure: {
      confirm: () => answers.confirms(),
      save: (id, entry) => {
        saved.push([id, entry]);
        return Promise.resolve();
      },
    },
  };
}

export const noManagement = managementWith({ confirms: () => Promise.resolve(false) }, []);

/** No price and no context size is publicly known. */
const unlisted = () => undefined;

const fastRetry = { baseMs: 1, capMs: 1, budgetShare: 1, budgetFloor: 10 };

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
