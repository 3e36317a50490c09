import type { Circuit } from '../guard/breaker.ts';

/**
 * Translates the words of the code to the words in the database. Stored words do not change: other versions read them,
 * and the signatures of the audit trail cover them. An older window reads a circuit with an unknown word as closed.
 */
export const storedCircuitKind = {
  closed: 'closed',
  open: 'open',
  halfOpen: 'halfOpen',
  forcedOpen: 'tripped',
} as const satisfies Record<Circuit['kind'], string>;

/**
 * call: the record of a call. circuit: a change of state. rateLimitPause: the start of one. user: what a user did. key:
 * what happened to a key. checkpoint: the rows before it were dropped because of their age. anchorFormat: from here on
 * the anchor is signed. clock: the times of the rows before it may be later, because the clock had been ahead.
 */
export type AuditKind =
  'call' | 'count' | 'circuit' | 'rateLimitPause' | 'user' | 'key' | 'checkpoint' | 'anchorFormat' | 'clock';

export const storedAuditKind = {
  call: 'call',
  count: 'count',
  circuit: 'circuit',
  rateLimitPause: 'rest',
  user: 'person',
  key: 'key',
  checkpoint: 'checkpoint',
  anchorFormat: 'anchorFormat',
  clock: 'clock',
} as const satisfies Record<AuditKind, string>;

/** What a user did. */
export type UserAct =
  | 'forceOpen'
  | 'reset'
  | 'pause'
  | 'resume'
  | 'removeProvider'
  | 'issueToken'
  | 'revokeToken'
  | 'startGateway'
  | 'stopGateway'
  | 'acceptTruncation';

export const storedAct = {
  forceOpen: 'trip',
  reset: 'reset',
  pause: 'pause',
  resume: 'resume',
  removeProvider: 'removeProvider',
  issueToken: 'issueToken',
  revokeToken: 'revokeToken',
  startGateway: 'startGateway',
  stopGateway: 'stopGateway',
  acceptTruncation: 'acceptCut',
} as const satisfies Record<UserAct, string>;
