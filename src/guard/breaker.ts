import { assertNever, err, ok, type Result } from '../shared/result.ts';
import type { BreakerVerdict } from './outcome.ts';

/**
 * The state of one provider's breaker. The ledger stores it, so all windows share it. Times are wall-clock
 * milliseconds of the ledger. Every change of kind raises the generation.
 */
export type Circuit =
  | { readonly kind: 'closed'; readonly generation: number; readonly failures: number }
  | {
      readonly kind: 'open';
      readonly generation: number;
      readonly untilMs: number;
      readonly cooldownMs: number;
    }
  | {
      readonly kind: 'halfOpen';
      readonly generation: number;
      readonly leaseEndsMs: number;
      readonly cooldownMs: number;
    }
  /** Opened by a user, until a user resets it. */
  | { readonly kind: 'forcedOpen'; readonly generation: number };

export interface CircuitOptions {
  /** Consecutive failures that open the circuit; at least 1. */
  readonly failures: number;
  /** How long the circuit stays open before a probe. Each failed probe doubles it. */
  readonly cooldownMs: number;
  /** The upper bound of the doubling. */
  readonly maxCooldownMs: number;
  /** How long a probe may keep its slot. Longer than any call, because it also frees the slot of a dead window. */
  readonly leaseMs: number;
}

export const defaultCircuitOptions: CircuitOptions = {
  failures: 5,
  cooldownMs: 60_000,
  maxCooldownMs: 600_000,
  leaseMs: 600_000,
};

/** What a call was admitted under. Its result counts only while the circuit still has this generation. */
export interface CircuitPass {
  readonly generation: number;
  readonly probe: boolean;
}

export interface CircuitRefusal {
  /** When the next call may be admitted. Undefined if that depends on a probe or on a user. */
  readonly retryAtMs?: number;
  readonly state: 'open' | 'halfOpen' | 'forcedOpen';
}

export const closedCircuit: Circuit = { kind: 'closed', generation: 0, failures: 0 };

/** Admits a call or refuses it. The caller stores the returned circuit only if nothing else refuses the call. */
export function enterCircuit(
  circuit: Circuit,
  options: CircuitOptions,
  nowMs: number,
): Result<{ readonly circuit: Circuit; readonly pass: CircuitPass }, CircuitRefusal> {
  switch (circuit.kind) {
    case 'closed':
      return ok({ circuit, pass: { generation: circuit.generation, probe: false } });
    case 'forcedOpen':
      return err({ state: 'forcedOpen' });
    case 'open':
      return nowMs < circuit.untilMs
        ? err({ state: 'open', retryAtMs: circuit.untilMs })
        : ok(letProbeIn(circuit, options, nowMs));
    case 'halfOpen':
      // One probe at a time. More would overload a provider that is just recovering.
      return nowMs < circuit.leaseEndsMs
        ? err({ state: 'halfOpen' })
        : ok(letProbeIn(circuit, options, nowMs));
    default:
      return assertNever(circuit);
  }
}

function letProbeIn(circuit: Circuit & { cooldownMs: number }, options: CircuitOptions, nowMs: number) {
  const generation = circuit.generation + 1;
  const { cooldownMs } = circuit;
  const halfOpen: Circuit = {
    kind: 'halfOpen',
    generation,
    leaseEndsMs: nowMs + options.leaseMs,
    cooldownMs,
  };
  return { circuit: halfOpen, pass: { generation, probe: true } };
}

/** The circuit after a call's result. The same object if the result changes nothing. */
export function reportToCircuit(
  circuit: Circuit,
  pass: CircuitPass,
  verdict: BreakerVerdict,
  options: CircuitOptions,
  nowMs: number,
): Circuit {
  if (pass.generation !== circuit.generation) return circuit;
  if (circuit.kind === 'halfOpen') return probed(circuit, verdict, options, nowMs);
  if (circuit.kind !== 'closed') return circuit;
  if (verdict === 'success') return circuit.failures === 0 ? circuit : { ...circuit, failures: 0 };
  if (verdict !== 'failure') return circuit;
  const failures = circuit.failures + 1;
  if (failures < options.failures) return { ...circuit, failures };
  return opened(circuit.generation + 1, options.cooldownMs, nowMs);
}

function probed(
  circuit: Circuit & { kind: 'halfOpen' },
  verdict: BreakerVerdict,
  options: CircuitOptions,
  nowMs: number,
): Circuit {
  const generation = circuit.generation + 1;
  switch (verdict) {
    case 'success':
    case 'answered':
      return { kind: 'closed', generation, failures: 0 };
    case 'failure':
      return opened(generation, Math.min(circuit.cooldownMs * 2, options.maxCooldownMs), nowMs);
    case 'none':
      // The probe learned nothing. It frees its slot, and the next call may probe at once.
      return { kind: 'open', generation, untilMs: nowMs, cooldownMs: circuit.cooldownMs };
    default:
      return assertNever(verdict);
  }
}

function opened(generation: number, cooldownMs: number, nowMs: number): Circuit {
  return { kind: 'open', generation, untilMs: nowMs + cooldownMs, cooldownMs };
}

/** A user opens the circuit. It stays open until a user resets it. */
export function forceOpen(circuit: Circuit): Circuit {
  return { kind: 'forcedOpen', generation: circuit.generation + 1 };
}

/** A user closes the circuit and forgets its failures. */
export function resetCircuit(circuit: Circuit): Circuit {
  return { kind: 'closed', generation: circuit.generation + 1, failures: 0 };
}
