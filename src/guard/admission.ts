import { err, ok, type Result } from '../shared/result.ts';
import { enterCircuit, type Circuit, type CircuitPass } from './breaker.ts';
import { reserve, type Cap, type CapUse, type Reservation } from './caps.ts';
import type { AdmitRequest } from './ledger-port.ts';
import type { Refusal } from './refusal.ts';

/** What a ledger knows of a provider when a call asks to be let in. */
export interface Standing {
  readonly circuit: Circuit;
  readonly paused: boolean;
  /** Until when the model asked for, or the whole key, rests. */
  readonly rateLimitPauseUntilMs: number | undefined;
  /** The set-up under which the provider said that credit is used up. */
  readonly outOfCredit: string | undefined;
}

export interface Grant {
  /** To be stored if it differs from the circuit that was there. */
  readonly circuit: Circuit;
  readonly pass: CircuitPass;
  readonly reservation: Reservation;
}

/**
 * Decides whether a call is let in. Pure: a ledger calls it within its transaction and writes what it returns,
 * and a refusal writes nothing, so that a cap's refusal gives the probe back by itself.
 */
export function decideAdmission(
  request: AdmitRequest,
  standing: Standing,
  use: (cap: Cap) => CapUse,
  nowMs: number,
): Result<Grant, Refusal> {
  const { provider, model } = request.target;
  if (standing.paused) return err({ kind: 'paused', provider });
  if (standing.outOfCredit === request.configFingerprint) return err({ kind: 'outOfCredit', provider });
  if (standing.rateLimitPauseUntilMs !== undefined && nowMs < standing.rateLimitPauseUntilMs) {
    return err({ kind: 'rest', provider, model, retryAtMs: standing.rateLimitPauseUntilMs });
  }
  const entered = enterCircuit(standing.circuit, request.circuit, nowMs);
  if (!entered.ok) return err({ kind: 'circuit', provider, ...entered.error });
  const reserved = reserve(request.demand, request.caps, use);
  if (!reserved.ok) return err({ kind: 'cap', provider, ...reserved.error });
  return ok({ ...entered.value, reservation: reserved.value });
}
