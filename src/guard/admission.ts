import { err, ok, type Result } from '../shared/result.ts';
import { enterCircuit, type Circuit, type CircuitPass } from './breaker.ts';
import { reserve, type CapReader, type Reservation } from './caps.ts';
import type { AdmitRequest } from './ledger-port.ts';
import type { Refusal } from './refusal.ts';

/** What the ledger knows about a provider when a call asks for admission. */
export interface Standing {
  readonly circuit: Circuit;
  readonly paused: boolean;
  /** The end of the rate-limit pause of this model or of the whole key. */
  readonly rateLimitPauseUntilMs: number | undefined;
  /** The config fingerprint under which the provider reported that credit is used up. */
  readonly outOfCredit: string | undefined;
}

export interface Grant {
  /** Store it if it is not the same object as before. */
  readonly circuit: Circuit;
  readonly pass: CircuitPass;
  readonly reservation: Reservation;
}

/**
 * Decides whether a call is admitted. Pure: the ledger calls it within a transaction and writes the grant. A refusal
 * writes nothing, so a probe that a cap refuses does not take the probe's slot.
 */
export function decideAdmission(
  request: AdmitRequest,
  standing: Standing,
  caps: CapReader,
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
  // A count would end the probe without a verdict.
  if (request.isCount === true && entered.value.pass.probe)
    return err({ kind: 'circuit', provider, state: 'halfOpen' });
  const reserved = reserve(request.demand, request.caps, caps);
  if (!reserved.ok) return err({ kind: 'cap', provider, ...reserved.error });
  return ok({ ...entered.value, reservation: reserved.value });
}
