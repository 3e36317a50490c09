import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '../../shared/result.ts';
import type { GatewayPorts } from '../gateway-ports.ts';
import type { GatewayError, Protocol } from '../http/gateway-error.ts';
import type { RateLimitWaits } from '../refusals/rate-limit-waits.ts';
import type { RepeatedRefusals } from '../refusals/repeated-refusals.ts';
import type { Sessions } from '../sessions.ts';
import type { GatewayToken, TokenGrant } from '../tokens/tokens.ts';
import type { ResponseOwners } from './response-owners.ts';

export interface RoutedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The decoded text in the place of the path's `*`. Empty for a path without one. */
  readonly rest: string;
  /** Empty for a route without a body. */
  readonly body: Buffer;
  /** The tenant that the calls count for. */
  readonly tenant: string;
  /** Undefined for a route that needs no token. */
  readonly token: GatewayToken | undefined;
  readonly memory: GatewayMemory;
  /** Aborts when the client goes away or the gateway stops. */
  readonly signal: AbortSignal;
}

/** What a gateway knows of earlier calls, until it stops. */
export interface GatewayMemory {
  readonly responses: ResponseOwners;
  readonly sessions: Sessions;
  readonly waits: RateLimitWaits;
  readonly refusals: RepeatedRefusals;
}

/** A text, an object to send as JSON, or undefined if the response is already written. */
export type RouteAnswer = Result<
  object | { readonly contentType: string; readonly text: string } | undefined,
  GatewayError
>;

export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Any text may stand in the place of a `*`. */
  readonly path: string;
  readonly protocol: Protocol;
  /** If less than any body may have. */
  readonly maxBodyBytes?: number;
  /** The grants that may use the route; undefined if it needs no token. */
  readonly grants: readonly TokenGrant['kind'][] | undefined;
  readonly run: (routed: RoutedRequest, ports: GatewayPorts) => RouteAnswer | Promise<RouteAnswer>;
}
