import type { Price } from './price.ts';

/** What a cap counts. Days and months are those of the ledger's time zone. A minute is the last 60 s. */
export const capKinds = [
  'requestsPerDay',
  'tokensPerDay',
  'usdPerDay',
  'usdPerMonth',
  'usdPerSession',
  'tokensPerSession',
  'requestsPerMinute',
  'tokensPerMinute',
  'callsAtOnce',
] as const;

export type CapKind = (typeof capKinds)[number];

/** The calls that a cap adds up: those that have all of these properties. */
export interface CapScope {
  readonly tenant?: string;
  readonly provider?: string;
  readonly model?: string;
  /** A token of the gateway. Its caps are those of a day, and have no other property. */
  readonly token?: TokenScope;
  /** The session of a tool. Such a cap has no other property. */
  readonly session?: string;
}

/** The properties of a call that the rules of the settings can name. */
export type CallProperties = Required<Omit<CapScope, 'token' | 'session'>>;

export interface TokenScope {
  readonly id: string;
  /** As the user named it. */
  readonly name: string;
}

/** The limit is in requests, tokens, calls or millionths of a US dollar, depending on the kind. */
export interface Cap {
  readonly scope: CapScope;
  readonly kind: CapKind;
  readonly limit: number;
}

/** The caps that a token of the gateway has for a day. */
export function tokenCaps(
  token: (TokenScope & { readonly caps: Readonly<Partial<Record<CapKind, number>>> }) | undefined,
): Cap[] {
  if (token === undefined) return [];
  const { id, name, caps } = token;
  const scope = { token: { id, name } };
  return capKinds.flatMap((kind) => {
    const limit = caps[kind];
    return limit === undefined ? [] : [{ scope, kind, limit }];
  });
}

/** Whether a cap of this kind counts the calls of a session, on whatever day. */
export function isPerSession(kind: CapKind): boolean {
  return kind === 'usdPerSession' || kind === 'tokensPerSession';
}

/** The caps of a call. Those per session count its session, and do not apply to a call without one. */
export function capsInSession(caps: readonly Cap[], session: string | undefined): readonly Cap[] {
  if (!caps.some(({ kind }) => isPerSession(kind))) return caps;
  return caps.flatMap((cap) => {
    if (!isPerSession(cap.kind)) return [cap];
    return session === undefined ? [] : [{ ...cap, scope: { session } }];
  });
}

/** What counts against a cap now, in the unit of the cap. */
export interface CapUse {
  readonly used: number;
  readonly held: number;
  /** When the cap has room again. Undefined if that depends on calls in progress. */
  readonly resetsAtMs?: number;
}

export interface CapRefusal extends CapUse {
  readonly cap: Cap;
  /** The model has no known price, so a dollar cap cannot be checked. */
  readonly unknownPrice?: true;
  /** The call alone needs more than the cap allows, so no wait helps. */
  readonly tooSmall?: true;
}

/** The most that a call may use, as far as is known before it is sent. */
export interface Demand {
  readonly inputTokens: number;
  /** The request's own limit. Undefined if it has none. */
  readonly maxOutputTokens: number | undefined;
  /** The model's limit or the default, for a request without a limit of its own. */
  readonly assumedOutputTokens: number;
  readonly price: Price | undefined;
  /** Whether a dollar cap admits a model without a known price. */
  readonly unknownPriceAllowed: boolean;
  /** No answer may exceed a cap, so what is reserved is also the limit that the provider gets. */
  readonly strict: boolean;
}

/** What one call reserves from every cap that applies. */
export interface Reservation {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Undefined if the price is unknown, which is never taken for 0. */
  readonly costMicroUsd: number | undefined;
  /** It reserves less output than the request's own limit, which is above the limit of a cap. */
  readonly short?: true;
}

/** What the ledger knows of a cap. */
export interface CapReader {
  readonly use: (cap: Cap) => CapUse;
  /** Whether a call in progress that counts against the cap has a short reservation. */
  readonly hasShortCall: (cap: Cap) => boolean;
}
