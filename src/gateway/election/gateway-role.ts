import type { GatewayReport } from '../../ledger/readers.ts';
import { assertNever } from '../../shared/result.ts';
import type { Gateway } from '../gateway.ts';
import { describeStartProblem, storedProblem, type StartProblem } from '../start-problem.ts';

/** The part of this window in running the gateway. */
export type GatewayRole =
  | { readonly kind: 'off' }
  /** It loads the gateway's code, or tries again after an error. */
  | { readonly kind: 'starting' }
  /** Another window has the lock. */
  | { readonly kind: 'standingBy' }
  | { readonly kind: 'serving'; readonly port: number; readonly server: GatewayServer }
  /** It has the lock, but not the port. The previous window may still be closing the port. */
  | { readonly kind: 'waitingForPort'; readonly sinceMs: number; readonly problem: StartProblem }
  /** It has been waiting for so long that the user should know. It still tries. */
  | { readonly kind: 'failing'; readonly sinceMs: number; readonly problem: StartProblem }
  /** It takes no new calls and lets those in progress end. */
  | { readonly kind: 'stopping' };

export type GatewayServer = Pick<Gateway, 'start' | 'stop'>;

/** The report of this role in the ledger, for the other windows. */
export function reportOf(role: GatewayRole): GatewayReport | undefined {
  switch (role.kind) {
    case 'serving':
      return { kind: 'serving', port: role.port };
    case 'failing':
      return { kind: 'failing', problem: storedProblem(role.problem) };
    case 'off':
    case 'starting':
    case 'standingBy':
    case 'waitingForPort':
    case 'stopping':
      return undefined;
    default:
      return assertNever(role);
  }
}

/** The log's line for this role, if it has one. */
export function logMessage(role: GatewayRole): string | undefined {
  switch (role.kind) {
    case 'serving':
      return `Gateway: serving on port ${role.port}.`;
    case 'standingBy':
      return 'Gateway: standing by while another window serves.';
    case 'failing':
      return `Gateway: ${describeStartProblem(role.problem)}`;
    case 'off':
    case 'starting':
    case 'waitingForPort':
    case 'stopping':
      return undefined;
    default:
      return assertNever(role);
  }
}
